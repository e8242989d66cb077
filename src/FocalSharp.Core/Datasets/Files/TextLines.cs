using System.Text;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Files;

/// <summary>Opens text files of any length: small ones in any encoding, large ones as UTF-8, one line at a time.</summary>
internal static class TextLines
{
    private const int MaxLineLength = 32 << 20;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">The file is not text.</exception>
    public static TextReader Open(string path, ProblemLog log, string shown) => new FileInfo(path).Length <= BoundedText.MaxListBytes
        ? new StringReader(BoundedText.ReadText(path, BoundedText.MaxListBytes, log, shown))
        : new StreamReader(path, Utf8, detectEncodingFromByteOrderMarks: true, new FileStreamOptions { Options = FileOptions.SequentialScan });

    /// <summary>Returns the lines with their numbers from 1.</summary>
    /// <exception cref="InvalidDataException">A line is too long, or not text.</exception>
    public static IEnumerable<(string Line, long Number)> Read(TextReader reader)
    {
        char[] buffer = new char[1 << 16];
        StringBuilder line = new();
        long number = 1;
        for (int count; (count = Fill(reader, buffer)) > 0;)
        {
            int start = 0;
            for (int end; (end = Array.IndexOf(buffer, '\n', start, count - start)) >= 0; start = end + 1)
            {
                yield return (Take(line.Append(buffer, start, end - start)), number++);
            }

            line.Append(buffer, start, count - start);
            if (line.Length > MaxLineLength)
            {
                throw new InvalidDataException($"line {number} is longer than {MaxLineLength:N0} characters");
            }
        }

        if (line.Length > 0)
        {
            yield return (Take(line), number);
        }
    }

    private static int Fill(TextReader reader, char[] buffer)
    {
        try
        {
            return reader.Read(buffer);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException("it is not valid UTF-8 text", exception);
        }
    }

    private static string Take(StringBuilder line)
    {
        string text = line.ToString().TrimEnd('\r');
        line.Clear();
        return text;
    }
}
