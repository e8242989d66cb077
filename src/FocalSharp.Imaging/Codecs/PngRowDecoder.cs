using System.Buffers.Binary;
using System.IO.Compression;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs;

/// <summary>
/// Decodes PNG images row by row at full precision (PNG 3rd edition, sections 7 to 10): for samples of 16 bits, which Skia reduces to 8, and for
/// large images, which take four bytes per pixel there.
/// </summary>
internal static class PngRowDecoder
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
        int bits = info.BitsPerSample;
        Read(encoded, info, name, allowTruncated, (row, _, _, _, count) =>
        {
            for (int i = 0; i < count; i++)
            {
                for (int c = 0; c < colors; c++)
                {
                    int value = GetSample(row, (i * channels) + c, bits);
                    (min, max) = (Math.Min(min, value), Math.Max(max, value));
                }
            }
        });
        return new SampleRange(Math.Min(min, max), max);
    }

    /// <summary>Decodes to 8 bits; on request with the image's lowest value as black and its highest as white.</summary>
    public static unsafe void Decode(
        ReadOnlySpan<byte> encoded, ImageHeaderInfo info, Span<byte> pixels, int bytesPerPixel, string name, ImageDecodeOptions options)
    {
        int bits = info.BitsPerSample;
        SampleRange? range = options.StretchRange && bits == 16 ? MeasureRange(encoded, info, name, options.AllowTruncated) : null;
        byte[] palette = encoded.Length > 25 && encoded[25] == 3 ? ReadPalette(encoded) : [];
        int channels = GetChannels(encoded, name);
        (int green, int blue) = channels < 3 ? (0, 0) : (1, 2);
        int max = (1 << Math.Min(bits, 8)) - 1;
        int width = info.StoredSize.Width;
        pixels.Clear();
        fixed (byte* first = pixels)
        {
            byte* target = first; // a lambda cannot capture a span
            Read(encoded, info, name, options.AllowTruncated, (row, y, x, stepX, count) =>
            {
                byte* to = target + ((((long)y * width) + x) * bytesPerPixel);
                for (int i = 0; i < count; i++, to += stepX * bytesPerPixel)
                {
                    int at = i * channels;
                    int red = GetSample(row, at, bits);
                    if (palette.Length > 0)
                    {
                        (to[0], to[1], to[2]) = (palette[red * 3], palette[(red * 3) + 1], palette[(red * 3) + 2]);
                    }
                    else
                    {
                        to[0] = ToByte(red);
                        to[1] = channels < 3 ? to[0] : ToByte(GetSample(row, at + green, bits));
                        to[2] = channels < 3 ? to[0] : ToByte(GetSample(row, at + blue, bits));
                    }
                }
            });
        }

        byte ToByte(int value) => range?.ToByte(value) ?? (byte)(bits == 16 ? value >> 8 : value * 255 / max);
    }

    private static int GetSample(ReadOnlySpan<byte> row, int index, int bits)
    {
        if (bits == 8)
        {
            return row[index];
        }

        int at = index * bits;
        return bits == 16
            ? BinaryPrimitives.ReadUInt16BigEndian(row[(index * 2)..])
            : (row[at >> 3] >> (8 - bits - (at & 7))) & ((1 << bits) - 1);
    }

    private static int GetChannels(ReadOnlySpan<byte> encoded, string name) => (encoded.Length > 32 ? (encoded[25], encoded[24]) : (-1, -1)) switch
    {
        (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) => 1,
        (2, 8 or 16) => 3,
        (4, 8 or 16) => 2,
        (6, 8 or 16) => 4,
        _ => throw CreateDamagedException(name),
    };

    // 256 colors; those that the file lacks are black.
    private static byte[] ReadPalette(ReadOnlySpan<byte> encoded)
    {
        byte[] palette = new byte[3 * 256];
        for (long at = 8; at + 12 <= encoded.Length;)
        {
            ReadOnlySpan<byte> chunk = encoded[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..8].SequenceEqual("PLTE"u8))
            {
                chunk.Slice(8, (int)Math.Min(length, Math.Min(chunk.Length - 8, palette.Length))).CopyTo(palette);
                break;
            }

            at += length + 12L;
        }

        return palette;
    }

    private static void Read(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, string name, bool allowTruncated, RowReader readRow)
    {
        int pixelBits = GetChannels(encoded, name) * info.BitsPerSample;
        byte[] compressed = JoinData(encoded);
        (int X, int Y, int StepX, int StepY)[] passes = encoded[28] == 1 ? Interlaced : [(0, 0, 1, 1)];
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

                byte[] previous = new byte[checked((int)((((long)count * pixelBits) + 7) / 8))];
                byte[] current = new byte[previous.Length];
                for (int i = 0; i < rows; i++)
                {
                    int filter = zlib.ReadByte();
                    zlib.ReadExactly(current);
                    Unfilter(filter, current, previous, Math.Max(1, pixelBits / 8), name);
                    readRow(current, y + (i * stepY), x, stepX, count);
                    (previous, current) = (current, previous);
                }
            }
        }
        // The data is in memory: any I/O error is one of decompression, for example for a preset dictionary, which PNG does not have.
        catch (Exception exception) when (exception is IOException or InvalidDataException)
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
            if (chunk[4..8].SequenceEqual("IDAT"u8))
            {
                data.Write(chunk.Slice(8, (int)Math.Min(length, chunk.Length - 8)));
            }

            at += length + 12L;
        }

        return data.ToArray();
    }

    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes, string name)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = pixelBytes; i < row.Length; i++)
                {
                    row[i] += row[i - pixelBytes];
                }

                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3 or 4:
                for (int i = 0; i < row.Length; i++)
                {
                    int left = i < pixelBytes ? 0 : row[i - pixelBytes];
                    int upLeft = i < pixelBytes ? 0 : above[i - pixelBytes];
                    row[i] += (byte)(filter == 3 ? (left + above[i]) / 2 : Paeth(left, above[i], upLeft));
                }

                break;
            default:
                throw CreateDamagedException(name);
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
