namespace FocalSharp.Datasets.Files;

/// <summary>Names what a file is that is not an image, by its first bytes, for messages.</summary>
internal static class ContentSignature
{
    private const int HeadBytes = 512;

    /// <summary>Returns a name with its article, for example "a PDF document", or null if the content is unknown or the file cannot be read.</summary>
    public static string? Describe(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            Span<byte> head = stackalloc byte[HeadBytes];
            return Describe(head[..stream.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Returns a name with its article, or null if the content is unknown.</summary>
    public static string? Describe(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> text = head.TrimStart(" \t\r\n"u8);
        return head switch
        {
            [] => "an empty file of 0 bytes",
            _ when IsVideo(head) => "a video; videos are not read, extract its frames as images",
            _ when head.StartsWith("version https://git-lfs"u8) => "a Git LFS pointer; run 'git lfs pull' to download the image",
            _ when head.StartsWith("%PDF"u8) => "a PDF document",
            _ when head.StartsWith("8BPS"u8) => "a Photoshop document (PSD)",
            _ when head.StartsWith("\0\0\0\x0CjP  "u8) || head is [0xFF, 0x4F, 0xFF, 0x51, ..] => "a JPEG 2000 image",
            _ when head.StartsWith("\0\0\0\x0CJXL "u8) || head is [0xFF, 0x0A, ..] => "a JPEG XL image",
            _ when head is [(byte)'v', (byte)'/', (byte)'1', 1, ..] => "an OpenEXR image",
            _ when head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8) => "a TIFF file without a readable page, or a camera's raw file",
            _ when head.StartsWith("II"u8) || head.StartsWith("FUJIFILM"u8) => "a camera's raw file",
            _ when head is [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => "a NumPy array",
            _ when head.Length > 132 && head[128..132].SequenceEqual("DICM"u8) => "a DICOM file",
            _ when head is [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t', ..] => "a Netpbm image",
            _ when head is [0, 0, 1 or 2, 0, ..] => "an icon (ICO)",
            _ when head.StartsWith("PK\x03\x04"u8) => "a ZIP archive",
            _ when head is [0x1F, 0x8B, ..] => "a gzip archive",
            _ when text.StartsWith("<svg"u8) || (text.StartsWith("<?xml"u8) && text.IndexOf("<svg"u8) >= 0) => "an SVG drawing",
            _ when text.StartsWith("<!DOCTYPE"u8) || text.StartsWith("<html"u8) || text.StartsWith("<!doctype"u8) => "a web page",
            _ when head is [0, 5, 0x16, 7, ..] => "metadata of macOS (AppleDouble)",
            _ => null,
        };
    }

    /// <summary>Returns whether the bytes begin an MP4, QuickTime, AVI, Matroska, MPEG or Flash video.</summary>
    public static bool IsVideo(ReadOnlySpan<byte> head) =>
        (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8) && HeifHeader.GetFormat(head) is null)
        || (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual("AVI "u8))
        || head is [0x1A, 0x45, 0xDF, 0xA3, ..] or [0, 0, 1, 0xBA or 0xB3, ..] or [(byte)'F', (byte)'L', (byte)'V', 1, ..]
        || (head.Length >= 8 && (head[4..8].SequenceEqual("moov"u8) || head[4..8].SequenceEqual("mdat"u8)));
}
