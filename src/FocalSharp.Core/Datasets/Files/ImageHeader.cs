using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Reads the size of a JPEG, PNG, BMP, GIF or WebP image from its first bytes, whatever the file is called. Nothing is
/// decoded, and a hostile file costs a bounded number of small reads.
/// </summary>
public static class ImageHeader
{
    private const int HeaderBytes = 32;

    /// <summary>The size of the stored pixels, or null where the file is absent or no image of these formats.</summary>
    public static ImageSize? TryRead(string path) => TryReadFacts(path)?.Stored;

    /// <summary>The size of the stored pixels, or null where the stream holds no image of these formats; it must be able to seek.</summary>
    public static ImageSize? TryRead(Stream stream) => TryReadFacts(stream)?.Stored;

    /// <summary>Size and EXIF orientation, or null where the file is absent or no image of these formats.</summary>
    public static ImageFacts? TryReadFacts(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 512);
            return TryReadFacts(stream);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Size and EXIF orientation, or null where the stream holds no image of these formats; it must be able to seek.</summary>
    public static ImageFacts? TryReadFacts(Stream stream)
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
                when length >= 24 && head[12..16].SequenceEqual("IHDR"u8) => (Big(head, 16), Big(head, 20)),
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] when length >= 10 => (Short(head, 6), Short(head, 8)),
            [(byte)'B', (byte)'M', ..] when length >= 26 => Bitmap(head),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..]
                when length >= 30 && head[8..12].SequenceEqual("WEBP"u8) => WebP(head),
            _ => default,
        };
        return width > 0 && height > 0 ? new ImageFacts(new ImageSize(width, height), orientation) : null;
    }

    private static (int Width, int Height) Bitmap(ReadOnlySpan<byte> head)
    {
        if (Little(head, 14) == 12)
        {
            return (Short(head, 18), Short(head, 20));
        }

        // A negative height means rows from top to bottom.
        int height = Little(head, 22);
        return (Little(head, 18), height == int.MinValue ? 0 : Math.Abs(height));
    }

    private static (int Width, int Height) WebP(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> chunk = head[12..16];
        if (chunk.SequenceEqual("VP8X"u8))
        {
            return ((Little(head, 24) & 0xFFFFFF) + 1, (Little(head, 26) >>> 8) + 1);
        }

        if (chunk.SequenceEqual("VP8L"u8) && head[20] == 0x2F)
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }

        return chunk.SequenceEqual("VP8 "u8) && head[23..26] is [0x9D, 0x01, 0x2A]
            ? (Short(head, 26) & 0x3FFF, Short(head, 28) & 0x3FFF)
            : default;
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static int Little(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static int Big(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
}
