namespace FocalSharp.Imaging;

/// <summary>
/// A view of 8-bit pixels in memory that the caller owns: three bytes per pixel (RGB) or four (RGB and one that is ignored). Rows may have
/// gaps, so that a part of a larger image can be used without copying.
/// </summary>
internal readonly ref struct PixelView
{
    /// <summary>Initializes a view.</summary>
    /// <param name="pixels">The pixels; the first is the top-left one.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="bytesPerPixel">Bytes per pixel: 3 or 4.</param>
    /// <param name="stride">Bytes from one row to the next; 0 for rows without gaps.</param>
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

    /// <summary>Gets the pixels, starting at the top left.</summary>
    public ReadOnlySpan<byte> Pixels { get; }

    /// <summary>Gets the width in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the height in pixels.</summary>
    public int Height { get; }

    /// <summary>Gets the bytes per pixel, 3 or 4; the fourth is ignored.</summary>
    public int BytesPerPixel { get; }

    /// <summary>Gets the bytes from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Returns the pixels of a row.</summary>
    public ReadOnlySpan<byte> Row(int y) => Pixels.Slice((int)((long)y * Stride), Width * BytesPerPixel);

    /// <summary>Returns a part of the view, without copying.</summary>
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

    /// <summary>Copies the pixels into an image.</summary>
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
