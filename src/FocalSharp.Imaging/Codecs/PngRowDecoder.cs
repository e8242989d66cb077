using FocalSharp.Datasets.Files;
using FocalSharp.Imaging.Codecs.Rows;

namespace FocalSharp.Imaging.Codecs;

/// <summary>
/// Decodes PNG images row by row at full precision: for samples of 16 bits, which Skia reduces to 8, and for large images, which take four bytes per
/// pixel there.
/// </summary>
internal static unsafe class PngRowDecoder
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Interlaced =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private delegate void RowAction(ReadOnlySpan<byte> row, int y, int x, int stepX, int count);

    /// <summary>Returns the range of the color samples; alpha is ignored.</summary>
    public static SampleRange MeasureRange(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, string name, bool allowTruncated = false)
    {
        fixed (byte* bytes = encoded)
        {
            using UnmanagedMemoryStream stream = new(bytes, encoded.Length);
            return MeasureRange(stream, info, name, allowTruncated);
        }
    }

    /// <summary>Returns the range of the color samples of a file; alpha is ignored.</summary>
    public static SampleRange MeasureRange(Stream stream, ImageHeaderInfo info, string name, bool allowTruncated)
    {
        (int min, int max) = (ushort.MaxValue, 0);
        using PngScanlines scanlines = new(stream, info, name);
        int channels = scanlines.Channels;
        int colors = channels < 3 ? 1 : 3;
        int bits = scanlines.BitsPerSample;
        Read(scanlines, info.StoredSize, allowTruncated, (row, _, _, _, count) =>
        {
            for (int i = 0; i < count; i++)
            {
                for (int c = 0; c < colors; c++)
                {
                    int value = PngScanlines.GetSample(row, (i * channels) + c, bits);
                    (min, max) = (Math.Min(min, value), Math.Max(max, value));
                }
            }
        });
        return new SampleRange(Math.Min(min, max), max);
    }

    /// <summary>Decodes to 8 bits; on request with the image's lowest value as black and its highest as white.</summary>
    public static void Decode(
        ReadOnlySpan<byte> encoded, ImageHeaderInfo info, Span<byte> pixels, int bytesPerPixel, string name, ImageDecodeOptions options)
    {
        SampleRange? range = options.StretchRange && info.BitsPerSample == 16 ? MeasureRange(encoded, info, name, options.AllowTruncated) : null;
        int width = info.StoredSize.Width;
        pixels.Clear();
        fixed (byte* bytes = encoded)
        fixed (byte* first = pixels)
        {
            byte* target = first; // a lambda cannot capture a span
            long length = pixels.Length;
            using UnmanagedMemoryStream stream = new(bytes, encoded.Length);
            using PngScanlines scanlines = new(stream, info, name);
            PngConverter converter = new(scanlines, range);
            Read(scanlines, info.StoredSize, options.AllowTruncated, (row, y, x, stepX, count) =>
            {
                long at = (((long)y * width) + x) * bytesPerPixel;
                converter.Convert(row, count, new Span<byte>(target + at, (int)Math.Min(length - at, (long)width * bytesPerPixel)), stepX * bytesPerPixel);
            });
        }
    }

    private static void Read(PngScanlines scanlines, ImageSize size, bool allowTruncated, RowAction readRow)
    {
        foreach ((int x, int y, int stepX, int stepY) in scanlines.IsInterlaced ? Interlaced : [(0, 0, 1, 1)])
        {
            int count = (size.Width - x + stepX - 1) / stepX;
            int rows = (size.Height - y + stepY - 1) / stepY;
            if (count <= 0 || rows <= 0)
            {
                continue;
            }

            scanlines.StartPass(count);
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<byte> row = scanlines.ReadRow(allowTruncated);
                if (row.IsEmpty)
                {
                    return;
                }

                readRow(row, y + (i * stepY), x, stepX, count);
            }
        }
    }
}
