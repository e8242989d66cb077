using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Reads size and orientation of an image from its header, regardless of the file name. Nothing is decoded, and a malicious file costs a
/// bounded number of small reads. The decoder takes size and orientation from here too, so boxes and pixels cannot disagree.
/// </summary>
internal static class ImageHeader
{
    /// <summary>The formats, for messages.</summary>
    public const string FormatNames = "JPEG, PNG, BMP, GIF, WebP, TIFF, HEIC or AVIF";

    /// <summary>The maximum width and height, libpng's limit for files of unknown origin (PNG_USER_WIDTH_MAX).</summary>
    public const int MaxSide = 1_000_000;

    private const int HeaderBytes = 32;

    /// <summary>Returns the size of the stored pixels, or null if the file does not exist or is not an image of these formats.</summary>
    public static ImageSize? TryRead(string path) => TryReadInfo(path)?.StoredSize;

    /// <summary>Returns the size of the stored pixels, or null if the stream, which must be seekable, is not an image of these formats.</summary>
    public static ImageSize? TryRead(Stream stream) => TryReadInfo(stream)?.StoredSize;

    /// <summary>Returns the header's contents, or null if the file does not exist or is not an image of these formats.</summary>
    public static ImageHeaderInfo? TryReadInfo(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 512);
            return TryReadInfo(stream);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Returns the header's contents, or null if the stream, which must be seekable, is not an image of these formats.</summary>
    public static ImageHeaderInfo? TryReadInfo(Stream stream)
    {
        Span<byte> head = stackalloc byte[HeaderBytes];
        head.Clear();
        int length = stream.ReadAtLeast(head, HeaderBytes, throwOnEndOfStream: false);
        head = head[..length];
        ImageHeaderInfo info = head switch
        {
            [0xFF, 0xD8, ..] => JpegHeader.Read(stream),
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] when length >= 26 && head[12..16].SequenceEqual("IHDR"u8) => PngHeader.Read(stream, head),
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] when length >= 10 =>
                Create(ImageFormat.Gif, ReadUInt16LittleEndian(head, 6), ReadUInt16LittleEndian(head, 8)),
            [(byte)'B', (byte)'M', ..] when length >= 26 => ReadBitmap(head),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] when length >= 30 && head[8..12].SequenceEqual("WEBP"u8) => WebPHeader.Read(stream, head),
            [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => TiffHeader.Read(stream, head),
            _ when HeifHeader.GetFormat(head) is { } format => HeifHeader.Read(stream, format),
            _ => default,
        };
        return info.StoredSize is { Width: > 0, Height: > 0 } ? info : null;
    }

    internal static ImageHeaderInfo Create(ImageFormat format, int width, int height, int orientation = ExifOrientation.None) =>
        new(new ImageSize(width, height), orientation) { Format = format };

    private static ImageHeaderInfo ReadBitmap(ReadOnlySpan<byte> head)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(head[14..]) == 12)
        {
            return Create(ImageFormat.Bmp, ReadUInt16LittleEndian(head, 18), ReadUInt16LittleEndian(head, 20));
        }

        // A negative height means that rows are stored from top to bottom.
        int height = BinaryPrimitives.ReadInt32LittleEndian(head[22..]);
        return Create(ImageFormat.Bmp, BinaryPrimitives.ReadInt32LittleEndian(head[18..]), height == int.MinValue ? 0 : Math.Abs(height));
    }

    private static int ReadUInt16LittleEndian(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
