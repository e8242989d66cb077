using System.Text;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Decodes text files strictly: a byte that is not valid in the encoding never becomes a replacement character. UTF-8 is assumed unless a
/// byte-order mark or a declaration says otherwise; text that is not valid UTF-8 is decoded in a legacy encoding, which the caller reports.
/// </summary>
internal static class TextDecoder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Windows code pages, GBK, Shift-JIS, Big5, EUC-KR and others are not registered by default.
    static TextDecoder() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Returns the text, and the name of the encoding that was guessed, or null if it is certain.</summary>
    /// <exception cref="InvalidDataException">The bytes are not text of a known encoding.</exception>
    public static (string Text, string? Guessed) Decode(ReadOnlySpan<byte> bytes, string? declared = null)
    {
        try
        {
            return Mark(bytes) is { } marked ? (marked.Encoding.GetString(bytes[marked.Length..]), null)
                : declared is not null ? (Get(declared).GetString(bytes), null)
                : (Utf8.GetString(bytes), null);
        }
        catch (DecoderFallbackException exception) when (declared is not null || Mark(bytes) is not null)
        {
            throw new InvalidDataException($"it is not valid {declared ?? "Unicode"} text (byte {exception.Index})", exception);
        }
        catch (DecoderFallbackException)
        {
            return Guess(bytes);
        }
    }

    /// <summary>Returns the encoding that an XML declaration names, or null.</summary>
    public static string? DeclaredByXml(ReadOnlySpan<byte> bytes)
    {
        string head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 200)]);
        int start = head.IndexOf("<?xml", StringComparison.Ordinal);
        int end = start < 0 ? -1 : head.IndexOf("?>", start, StringComparison.Ordinal);
        int at = end < 0 ? -1 : head.IndexOf("encoding", start, end - start, StringComparison.Ordinal);
        int open = at < 0 ? -1 : head.IndexOfAny(['"', '\''], at, end - at);
        int close = open < 0 ? -1 : head.IndexOf(head[open], open + 1);
        return close > open && close < end ? head[(open + 1)..close] : null;
    }

    private static Encoding Get(string name)
    {
        // GB18030 contains GB2312 and GBK, and files that declare the smaller set often use the larger one.
        string wanted = name.ToUpperInvariant() is "GB2312" or "GBK" or "CP936" or "X-GBK" ? "GB18030" : name;
        try
        {
            return Encoding.GetEncoding(wanted, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"its encoding '{Reading.ProblemLog.Sanitize(name)}' is not known", exception);
        }
    }

    private static (Encoding Encoding, int Length)? Mark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Utf8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true), 4),
        [0xFF, 0xFE, ..] => (new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true), 2),
        [0xFE, 0xFF, ..] => (new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true), 2),
        _ => null,
    };

    // GB2312 writes a character as two bytes of at least 0xA1, which accented Western letters, single bytes among ASCII letters, rarely do.
    private static (string Text, string? Guessed) Guess(ReadOnlySpan<byte> bytes)
    {
        bool pairs = true;
        for (int i = 0; i < bytes.Length && pairs; i++)
        {
            if (bytes[i] >= 0x80)
            {
                pairs = bytes[i] is >= 0xA1 and <= 0xFE && i + 1 < bytes.Length && bytes[i + 1] is >= 0xA1 and <= 0xFE;
                i++;
            }
        }

        string name = pairs ? "GB18030" : "windows-1252";
        try
        {
            return (Get(name).GetString(bytes), name);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException("it is neither UTF-8 nor another known encoding", exception);
        }
    }
}
