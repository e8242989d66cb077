namespace FocalSharp.Imaging;

/// <summary>
/// A window onto 8-bit pixels that someone else owns: three bytes a pixel (RGB) or four (RGB and one that is not looked at). Rows
/// may lie apart, so that a part of a larger picture is looked at without being copied.
/// </summary>
public readonly ref struct PixelView
{
    /// <summary>Makes a view.</summary>
    /// <param name="pixels">The pixels; the first is the top-left one.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="bytesPerPixel">Bytes a pixel: 3 or 4.</param>
    /// <param name="stride">Bytes from one row to the next; 0 where rows touch.</param>
    public PixelView(ReadOnlySpan<byte> pixels, int width, int height, int bytesPerPixel = 3, int stride = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (bytesPerPixel is not (3 or 4))
        {
            throw new ArgumentOutOfRangeException(nameof(bytesPerPixel), bytesPerPixel, "A pixel has 3 or 4 bytes.");
        }

        long row = (long)width * bytesPerPixel;
        long step = stride == 0 ? row : stride;
        if (step < row || pixels.Length < ((height - 1) * step) + row)
        {
            throw new ArgumentException(
                $"{width}x{height} pixels of {bytesPerPixel} bytes in rows {step} bytes apart take {((height - 1) * step) + row} bytes, got {pixels.Length}.",
                nameof(pixels));
        }

        Pixels = pixels;
        (Width, Height, BytesPerPixel, Stride) = (width, height, bytesPerPixel, (int)step);
    }

    /// <summary>The pixels, from the top-left one on.</summary>
    public ReadOnlySpan<byte> Pixels { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Bytes a pixel, 3 or 4; the fourth is not looked at.</summary>
    public int BytesPerPixel { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>One row's pixels.</summary>
    public ReadOnlySpan<byte> Row(int y) => Pixels.Slice((int)((long)y * Stride), Width * BytesPerPixel);

    /// <summary>A part of the view, not copied.</summary>
    /// <param name="x">Left column.</param>
    /// <param name="y">Top row.</param>
    /// <param name="width">Width of the part.</param>
    /// <param name="height">Height of the part.</param>
    public PixelView Crop(int x, int y, int width, int height)
    {
        if (x < 0 || y < 0 || width < 1 || height < 1 || x > Width - width || y > Height - height)
        {
            throw new ArgumentOutOfRangeException(nameof(width), $"{width}x{height} at {x},{y} does not lie in {Width}x{Height}.");
        }

        return new(Pixels[(int)(((long)y * Stride) + ((long)x * BytesPerPixel))..], width, height, BytesPerPixel, Stride);
    }

    /// <summary>Copies the pixels into an image of its own.</summary>
    public RgbImage ToImage()
    {
        RgbImage image = new(Width, Height);
        for (int y = 0; y < Height; y++)
        {
            CopyRow(y, image.Row(y));
        }

        return image;
    }

    /// <summary>Copies one row as RGB.</summary>
    internal void CopyRow(int y, Span<byte> rgb)
    {
        if (BytesPerPixel == 3)
        {
            Row(y).CopyTo(rgb);
        }
        else
        {
            Codecs.PixelPacking.RgbaToRgb(Row(y), rgb);
        }
    }
}
