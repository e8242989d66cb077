using FocalSharp.Imaging;

namespace FocalSharp.Runtime;

/// <summary>The layout of pixels in memory that the caller owns.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Format">Order of a pixel's bytes.</param>
/// <param name="Stride">Bytes from one row to the next; 0 for rows without gaps.</param>
internal sealed record RawPixels(int Width, int Height, PixelFormat Format, int Stride)
{
    /// <summary>Bytes from one row to the next.</summary>
    public long EffectiveStride => Stride == 0 ? (long)Width * BytesPerPixel : Stride;

    /// <summary>Bytes from the first pixel to the end of the last.</summary>
    public Int128 Length => ((Int128)(Height - 1) * EffectiveStride) + ((long)Width * BytesPerPixel);

    private int BytesPerPixel => Format switch
    {
        PixelFormat.Gray8 => 1,
        PixelFormat.Rgba32 or PixelFormat.Bgra32 => 4,
        _ => 3,
    };

    /// <summary>Returns whether rows do not overlap and fit into memory of a length.</summary>
    public bool Fits(int length) => EffectiveStride >= (long)Width * BytesPerPixel && Length <= length;

    public PixelView View(ReadOnlySpan<byte> pixels, PixelBuffer buffer)
    {
        if (Format is PixelFormat.Rgb24 or PixelFormat.Rgba32)
        {
            return new PixelView(pixels, Width, Height, BytesPerPixel, Stride);
        }

        (int red, int green, int blue) = Format is PixelFormat.Gray8 ? (0, 0, 0) : (2, 1, 0);
        buffer.CopyFrom(pixels, Width, Height, (int)EffectiveStride, BytesPerPixel, red, green, blue);
        return buffer.View;
    }
}
