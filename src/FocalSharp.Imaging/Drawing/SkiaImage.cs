using System.Runtime.InteropServices;
using FocalSharp.Datasets.Files;
using FocalSharp.Imaging.Codecs;
using SkiaSharp;

namespace FocalSharp.Imaging.Drawing;

/// <summary>A Skia canvas over the pixels of an image.</summary>
internal sealed class SkiaImage : IDisposable
{
    private readonly SKBitmap _bitmap;

    public SkiaImage(int width, int height, SKColor background)
    {
        SkiaLibrary.Check.EnsureLoaded();
        _bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Canvas = new SKCanvas(_bitmap);
        Canvas.Clear(background);
    }

    public SkiaImage(RgbImage image)
        : this(image.Width, image.Height, SKColors.Black) => PixelPacking.RgbToRgba(image.Pixels, _bitmap.GetPixelSpan());

    public SKCanvas Canvas { get; }

    public int Width => _bitmap.Width;

    public int Height => _bitmap.Height;

    /// <summary>Decodes an image into the canvas.</summary>
    /// <exception cref="ImageException">The image is empty, truncated, too large or not an image.</exception>
    public static SkiaImage Decode(ReadOnlySpan<byte> encoded, ImageDecodeOptions options, string name)
    {
        EncodedImageReader.RequireLength(encoded.Length, name, options.MaxBytes);
        ImageHeaderInfo info = PixelDecoder.ReadHeader(encoded, name, options, bytesPerPixel: 4);
        if (options.ApplyOrientation && info.Orientation != ExifOrientation.None)
        {
            return new SkiaImage(ImageDecoder.Decode(encoded, options, name));
        }

        SkiaImage image = new(info.StoredSize.Width, info.StoredSize.Height, SKColors.Black);
        try
        {
            PixelDecoder.Decode(encoded, info, MemoryMarshal.AsBytes(image._bitmap.GetPixelSpan()), bytesPerPixel: 4, name, options);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Encodes the canvas.</summary>
    /// <returns>The encoded image; null if it is too large for the format.</returns>
    public SKData? Encode(Func<SKPixmap, SKData?> encode)
    {
        Canvas.Flush();
        using SKPixmap pixels = _bitmap.PeekPixels();
        return encode(pixels);
    }

    public RgbImage ToImage()
    {
        Canvas.Flush();
        RgbImage image = new(_bitmap.Width, _bitmap.Height);
        PixelPacking.RgbaToRgb(MemoryMarshal.AsBytes(_bitmap.GetPixelSpan()), image.Pixels);
        return image;
    }

    public void Dispose()
    {
        Canvas.Dispose();
        _bitmap.Dispose();
    }

    /// <summary>Copies an image onto the canvas, pixel for pixel.</summary>
    public void Paste(RgbImage image, int x, int y)
    {
        using SkiaImage other = new(image);
        Canvas.DrawBitmap(other._bitmap, x, y, SKSamplingOptions.Default);
    }

    public static SKColor ToSkiaColor(RgbColor color, byte alpha = 255) => new(color.R, color.G, color.B, alpha);
}
