namespace FocalSharp.Imaging.Resizing;

/// <summary>
/// Shrinks by averaging the source area of each target pixel, including fractions of pixels, so that fine texture does not alias. Below a
/// scale of about 0.4 <see cref="BilinearResizer"/> skips source pixels; this class does not, but its pixels differ from the official
/// pipeline's. Enlarging is bilinear.
/// </summary>
internal static class AreaResizer
{
    /// <summary>Resizes an image.</summary>
    /// <param name="source">The image.</param>
    /// <param name="width">Width of the result, at least 1.</param>
    /// <param name="height">Height of the result, at least 1.</param>
    public static RgbImage Resize(RgbImage source, int width, int height)
    {
        RgbImage result = new(width, height);
        Resize(source, result, width, height);
        return result;
    }

    /// <summary>Resizes an image into the top-left corner of another; the rest of it is unchanged.</summary>
    /// <param name="source">The image.</param>
    /// <param name="destination">The target, at least as large as the result.</param>
    /// <param name="width">Width of the result, at least 1.</param>
    /// <param name="height">Height of the result, at least 1.</param>
    public static void Resize(RgbImage source, RgbImage destination, int width, int height)
    {
        if (width > source.Width || height > source.Height || (width == source.Width && height == source.Height))
        {
            BilinearResizer.Resize(source, destination, width, height);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, destination.Width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, destination.Height);
        using AreaRows rows = new(new ImageSize(source.Width, source.Height), new ImageSize(width, height));
        for (int y = 0; y < source.Height; y++)
        {
            rows.Add(source.Row(y), destination.Pixels, destination.Width * 3);
        }
    }

    /// <summary>Averages columns of sums of rows.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="scale">Columns per target column.</param>
    /// <param name="norm">The factor of a sum of columns.</param>
    /// <param name="output">Receives the target row.</param>
    public static void SumColumns(ReadOnlySpan<float> sums, double scale, float norm, Span<byte> output)
    {
        int width = sums.Length / 3;
        for (int x = 0; x < output.Length / 3; x++)
        {
            double from = x * scale;
            double to = (x + 1) * scale;
            (float r, float g, float b) = (0, 0, 0);
            int last = Math.Min((int)Math.Ceiling(to), width);
            for (int s = (int)from; s < last; s++)
            {
                float weight = (float)(Math.Min(to, s + 1) - Math.Max(from, s));
                r += weight * sums[s * 3];
                g += weight * sums[(s * 3) + 1];
                b += weight * sums[(s * 3) + 2];
            }

            output[x * 3] = (byte)Math.Clamp((r * norm) + 0.5f, 0, 255);
            output[(x * 3) + 1] = (byte)Math.Clamp((g * norm) + 0.5f, 0, 255);
            output[(x * 3) + 2] = (byte)Math.Clamp((b * norm) + 0.5f, 0, 255);
        }
    }
}
