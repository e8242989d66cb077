using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Reads the size of a JPEG, PNG, BMP, GIF or WebP image from its header, regardless of the file name. Nothing is
/// decoded, and a malicious file costs a bounded number of small reads.
/// </summary>
internal static class ImageHeader
{
    private const int HeaderBytes = 32;

    /// <summary>Returns the size of the stored pixels, or null if the file does not exist or is not an image of these formats.</summary>
    public static ImageSize? TryRead(string path) => TryReadInfo(path)?.StoredSize;

    /// <summary>Returns the size of the stored pixels, or null if the stream, which must be seekable, is not an image of these formats.</summary>
    public static ImageSize? TryRead(Stream stream) => TryReadInfo(stream)?.StoredSize;

    /// <summary>Returns the size and EXIF orientation, or null if the file does not exist or is not an image of these formats.</summary>
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

    /// <summary>Returns the size and EXIF orientation, or null if the stream, which must be seekable, is not an image of these formats.</summary>
    public static ImageHeaderInfo? TryReadInfo(Stream stream)
    {
        Span<byte> head = stackalloc byte[HeaderBytes];
        head.Clear();
        int length = stream.ReadAtLeast(head, HeaderBytes, throwOnEndOfStream: false);
        head = head[..length];
        int orientation = ExifOrientation.None;
        (int width, int height) = head switch
        {
            [0xFF, 0xD8, ..] => JpegHeader.Size(stream, out orientation),
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..]
                when length >= 24 && head[12..16].SequenceEqual("IHDR"u8) => (ReadInt32BigEndian(head, 16), ReadInt32BigEndian(head, 20)),
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] when length >= 10 => (ReadUInt16LittleEndian(head, 6), ReadUInt16LittleEndian(head, 8)),
            [(byte)'B', (byte)'M', ..] when length >= 26 => ReadBitmapSize(head),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..]
                when length >= 30 && head[8..12].SequenceEqual("WEBP"u8) => ReadWebPSize(head),
            _ => default,
        };
        return width > 0 && height > 0 ? new ImageHeaderInfo(new ImageSize(width, height), orientation) : null;
    }

    private static (int Width, int Height) ReadBitmapSize(ReadOnlySpan<byte> head)
    {
        if (ReadInt32LittleEndian(head, 14) == 12)
        {
            return (ReadUInt16LittleEndian(head, 18), ReadUInt16LittleEndian(head, 20));
        }

        // A negative height means that rows are stored from top to bottom.
        int height = ReadInt32LittleEndian(head, 22);
        return (ReadInt32LittleEndian(head, 18), height == int.MinValue ? 0 : Math.Abs(height));
    }

    private static (int Width, int Height) ReadWebPSize(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> chunk = head[12..16];
        if (chunk.SequenceEqual("VP8X"u8))
        {
            return ((ReadInt32LittleEndian(head, 24) & 0xFFFFFF) + 1, (ReadInt32LittleEndian(head, 26) >>> 8) + 1);
        }

        if (chunk.SequenceEqual("VP8L"u8) && head[20] == 0x2F)
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }

        return chunk.SequenceEqual("VP8 "u8) && head[23..26] is [0x9D, 0x01, 0x2A]
            ? (ReadUInt16LittleEndian(head, 26) & 0x3FFF, ReadUInt16LittleEndian(head, 28) & 0x3FFF)
            : default;
    }

    private static int ReadUInt16LittleEndian(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static int ReadInt32LittleEndian(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static int ReadInt32BigEndian(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
}
