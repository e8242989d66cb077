using System.Runtime.InteropServices;
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
