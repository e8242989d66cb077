using System.Buffers.Binary;
using System.IO.Compression;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Supervisely;

/// <summary>Finds the pixels that are set in a mask stored as a PNG: gray, palette or alpha, up to 8 bits per channel.</summary>
internal static class PngMask
{
    private const long MaxPixels = 400_000_000;
    private const int MaxEncodedBytes = 64 << 20;

    /// <summary>Returns the half-open bounds of the pixels that are set, from base64 of zlib of PNG; null if there are none, or it is not such a PNG.</summary>
    public static (int X1, int Y1, int X2, int Y2)? TryGetBounds(string? base64)
    {
        if (string.IsNullOrEmpty(base64))
        {
            return null;
        }

        try
        {
            using MemoryStream compressed = new(Convert.FromBase64String(base64));
            using ZLibStream zlib = new(compressed, CompressionMode.Decompress);
            using BoundedStream bounded = new(zlib, MaxEncodedBytes, () => new InvalidDataException("too large"));
            using MemoryStream png = new();
            bounded.CopyTo(png);
            return Read(png.GetBuffer().AsSpan(0, (int)png.Length));
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or IOException)
        {
            return null;
        }
    }

    private static (int X1, int Y1, int X2, int Y2)? Read(ReadOnlySpan<byte> png)
    {
        if (png.Length < 33 || !png[12..16].SequenceEqual("IHDR"u8))
        {
            return null;
        }

        int width = BinaryPrimitives.ReadInt32BigEndian(png[16..]);
        int height = BinaryPrimitives.ReadInt32BigEndian(png[20..]);
        (int depth, int color, bool interlaced) = (png[24], png[25], png[28] != 0);
        int channels = color switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
        if (width <= 0 || height <= 0 || (long)width * height > MaxPixels || channels == 0 || depth is not (1 or 2 or 4 or 8) || interlaced)
        {
            return null;
        }

        using MemoryStream data = new();
        for (int at = 8; at + 12 <= png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png[at..]);
            if (length < 0 || length > png.Length - at - 12)
            {
                return null;
            }

            if (png.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                data.Write(png.Slice(at + 8, length));
            }

            at += length + 12;
        }

        data.Position = 0;
        using ZLibStream rows = new(data, CompressionMode.Decompress);
        return Scan(rows, width, height, depth, channels, hasAlpha: color is 4 or 6);
    }

    // Palette index 0 is the background, as in a gray mask. With an alpha channel, that alone counts.
    private static (int X1, int Y1, int X2, int Y2)? Scan(Stream rows, int width, int height, int depth, int channels, bool hasAlpha)
    {
        int pixelBytes = Math.Max(1, channels * depth / 8);
        int rowBytes = (int)((((long)width * channels * depth) + 7) / 8);
        byte[] previous = new byte[rowBytes];
        byte[] current = new byte[rowBytes];
        (int x1, int y1, int x2, int y2) = (int.MaxValue, int.MaxValue, -1, -1);
        for (int y = 0; y < height; y++)
        {
            int filter = rows.ReadByte();
            rows.ReadExactly(current);
            Unfilter(filter, current, previous, pixelBytes);
            for (int x = 0; x < width; x++)
            {
                if (IsSet(current, x, depth, channels, hasAlpha))
                {
                    (x1, y1, x2, y2) = (Math.Min(x1, x), Math.Min(y1, y), Math.Max(x2, x + 1), y + 1);
                }
            }

            (previous, current) = (current, previous);
        }

        return x2 < 0 ? null : (x1, y1, x2, y2);
    }

    private static bool IsSet(byte[] row, int x, int depth, int channels, bool hasAlpha)
    {
        if (depth < 8)
        {
            int bit = x * depth;
            return ((row[bit / 8] >> (8 - depth - (bit % 8))) & ((1 << depth) - 1)) != 0;
        }

        ReadOnlySpan<byte> pixel = row.AsSpan(x * channels, channels);
        return hasAlpha ? pixel[^1] != 0 : pixel.ContainsAnyExcept((byte)0);
    }

    // PNG specification, 9.2.
    private static void Unfilter(int filter, byte[] row, byte[] above, int pixelBytes)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < pixelBytes ? 0 : row[i - pixelBytes];
            int corner = i < pixelBytes ? 0 : above[i - pixelBytes];
            row[i] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Paeth(left, above[i], corner),
                _ => throw new InvalidDataException("unknown filter"),
            });
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        (int a, int b, int c) = (Math.Abs(above - corner), Math.Abs(left - corner), Math.Abs(left + above - (2 * corner)));
        return a <= b && a <= c ? left : b <= c ? above : corner;
    }
}
