using System.Buffers.Binary;
using System.IO.Compression;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs;

/// <summary>
/// Decodes PNG images of 16 bits per sample at full precision (PNG 3rd edition, sections 7 to 10); Skia reduces them to 8 bits first.
/// </summary>
internal static class DeepPngDecoder
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Interlaced =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private delegate void RowReader(ReadOnlySpan<byte> row, int y, int x, int stepX, int count);

    /// <summary>Returns the range of the color samples; alpha is ignored.</summary>
    public static SampleRange MeasureRange(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, string name, bool allowTruncated = false)
    {
        (int min, int max) = (ushort.MaxValue, 0);
        int channels = GetChannels(encoded, name);
        int colors = channels < 3 ? 1 : 3;
        Read(encoded, info, name, allowTruncated, (row, _, _, _, count) =>
        {
            for (int i = 0; i < count; i++)
            {
                for (int c = 0; c < colors; c++)
                {
                    int value = BinaryPrimitives.ReadUInt16BigEndian(row[(2 * ((i * channels) + c))..]);
                    (min, max) = (Math.Min(min, value), Math.Max(max, value));
                }
            }
        });
        return new SampleRange(Math.Min(min, max), max);
    }

    /// <summary>Decodes to 8 bits, with the image's lowest value as black and its highest as white.</summary>
    public static unsafe void Decode(
        ReadOnlySpan<byte> encoded, ImageHeaderInfo info, Span<byte> pixels, int bytesPerPixel, string name, ImageDecodeOptions options)
    {
        SampleRange range = MeasureRange(encoded, info, name, options.AllowTruncated);
        int channels = GetChannels(encoded, name);
        int green = channels < 3 ? 0 : 2;
        int width = info.StoredSize.Width;
        pixels.Clear();
        fixed (byte* first = pixels)
        {
            byte* target = first; // a lambda cannot capture a span
            Read(encoded, info, name, options.AllowTruncated, (row, y, x, stepX, count) =>
            {
                byte* to = target + (((long)y * width) + x) * bytesPerPixel;
                for (int i = 0; i < count; i++, to += stepX * bytesPerPixel)
                {
                    ReadOnlySpan<byte> sample = row[(2 * i * channels)..];
                    to[0] = range.ToByte(BinaryPrimitives.ReadUInt16BigEndian(sample));
                    to[1] = range.ToByte(BinaryPrimitives.ReadUInt16BigEndian(sample[green..]));
                    to[2] = range.ToByte(BinaryPrimitives.ReadUInt16BigEndian(sample[(2 * green)..]));
                }
            });
        }
    }

    private static int GetChannels(ReadOnlySpan<byte> encoded, string name) => (encoded.Length > 32 ? encoded[25] : -1) switch
    {
        0 => 1,
        2 => 3,
        4 => 2,
        6 => 4,
        _ => throw CreateDamagedException(name),
    };

    private static unsafe void Read(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, string name, bool allowTruncated, RowReader readRow)
    {
        int channels = GetChannels(encoded, name);
        byte[] compressed = JoinData(encoded);
        (int X, int Y, int StepX, int StepY)[] passes = encoded[28] == 1 ? Interlaced : [(0, 0, 1, 1)];
        int pixelBytes = channels * 2;
        try
        {
            using ZLibStream zlib = new(new MemoryStream(compressed), CompressionMode.Decompress);
            foreach ((int x, int y, int stepX, int stepY) in passes)
            {
                int count = (info.StoredSize.Width - x + stepX - 1) / stepX;
                int rows = (info.StoredSize.Height - y + stepY - 1) / stepY;
                if (count <= 0 || rows <= 0)
                {
                    continue;
                }

                byte[] previous = new byte[checked(count * pixelBytes)];
                byte[] current = new byte[previous.Length];
                for (int i = 0; i < rows; i++)
                {
                    int filter = zlib.ReadByte();
                    zlib.ReadExactly(current);
                    Unfilter(filter, current, previous, pixelBytes, name);
                    readRow(current, y + (i * stepY), x, stepX, count);
                    (previous, current) = (current, previous);
                }
            }
        }
        catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException)
        {
            if (!allowTruncated)
            {
                throw exception is EndOfStreamException
                    ? new ImageException($"{name}: the image is truncated. Copy it again from its source, or remove it.", exception)
                    : CreateDamagedException(name);
            }
        }
    }

    private static byte[] JoinData(ReadOnlySpan<byte> encoded)
    {
        using MemoryStream data = new();
        for (long at = 8; at + 12 <= encoded.Length;)
        {
            ReadOnlySpan<byte> chunk = encoded[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            int available = (int)Math.Min(length, chunk.Length - 8);
            if (chunk[4..8].SequenceEqual("IDAT"u8))
            {
                data.Write(chunk.Slice(8, available));
            }

            at += length + 12L;
        }

        return data.ToArray();
    }

    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes, string name)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < pixelBytes ? 0 : row[i - pixelBytes];
            int up = above[i];
            int upLeft = i < pixelBytes ? 0 : above[i - pixelBytes];
            row[i] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, upLeft),
                _ => throw CreateDamagedException(name),
            });
        }
    }

    private static int Paeth(int left, int up, int upLeft)
    {
        int estimate = left + up - upLeft;
        (int a, int b, int c) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - upLeft));
        return a <= b && a <= c ? left : b <= c ? up : upLeft;
    }

    private static ImageException CreateDamagedException(string name) =>
        new($"{name}: the image is damaged. Copy it again from its source, or remove it.");
}
