using FocalSharp.Notebooks;

namespace FocalSharp.Imaging;

/// <summary>An image in memory: 8-bit RGB, interleaved, rows without padding (<c>[height, width, 3]</c>).</summary>
[TypeFormatterSource(typeof(RgbImageFormatters), PreferredMimeTypes = [HtmlText.MimeType])]
public sealed class RgbImage
{
    /// <summary>Initializes a black image.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    public RgbImage(int width, int height)
        : this(width, height, Allocate(width, height))
    {
    }

    /// <summary>Initializes an image over existing pixels, without copying them.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels"><c>width · height · 3</c> bytes.</param>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != GetLength(width, height))
        {
            throw new ArgumentException($"An RGB image of {width}x{height} needs {GetLength(width, height)} bytes, got {pixels.Length}.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Gets the width in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the height in pixels.</summary>
    public int Height { get; }

    /// <summary>Gets the pixels, <c>[height, width, 3]</c>, red first.</summary>
    public byte[] Pixels { get; }

    /// <summary>Gets the image as a view.</summary>
    internal PixelView View => new(Pixels, Width, Height);

    /// <summary>Returns a row of pixels.</summary>
    /// <param name="y">The row, from 0 at the top.</param>
    public Span<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return Pixels.AsSpan(y * Width * 3, Width * 3);
    }

    private static Int128 GetLength(int width, int height) => (Int128)width * height * 3;

    private static byte[] Allocate(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Int128 length = GetLength(width, height);
        return length <= Array.MaxLength
            ? new byte[(int)length]
            : throw new ArgumentOutOfRangeException(nameof(height), height, $"An RGB image of {width}x{height} needs {length} bytes; at most {Array.MaxLength} are possible.");
    }
}
