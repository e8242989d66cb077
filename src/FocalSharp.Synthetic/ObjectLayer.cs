using SkiaSharp;

namespace FocalSharp.Synthetic;

/// <summary>One object's pixels on a transparent layer: premultiplied RGBA, <c>[height, width, 4]</c>.</summary>
internal sealed class ObjectLayer(int width, int height, byte[] pixels)
{
    /// <summary>Minimum alpha of a pixel of the object's mask: half covered.</summary>
    public const byte CoverageThreshold = 128;

    /// <summary>Gets the width in pixels.</summary>
    public int Width => width;

    /// <summary>Gets the height in pixels.</summary>
    public int Height => height;

    /// <summary>Gets the pixels.</summary>
    public byte[] Pixels => pixels;

    /// <summary>Returns a pixel's alpha.</summary>
    public byte GetAlpha(int x, int y) => pixels[(((y * width) + x) * 4) + 3];

    /// <summary>Renders a recorded drawing on a new layer.</summary>
    public static ObjectLayer Render(SKPicture picture, int width, int height, in SKMatrix matrix)
    {
        SKImageInfo info = new(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using SKBitmap bitmap = new(info);
        bitmap.Erase(SKColors.Transparent);
        using (SKCanvas canvas = new(bitmap))
        {
            canvas.SetMatrix(matrix);
            canvas.DrawPicture(picture);
        }

        return new ObjectLayer(width, height, bitmap.GetPixelSpan().ToArray());
    }

    /// <summary>Returns the tight box of the mask, right and bottom exclusive; empty if the mask is.</summary>
    public SKRectI GetMaskBounds()
    {
        int left = width;
        int top = height;
        int right = 0;
        int bottom = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (GetAlpha(x, y) >= CoverageThreshold)
                {
                    left = Math.Min(left, x);
                    right = Math.Max(right, x + 1);
                    top = Math.Min(top, y);
                    bottom = y + 1;
                }
            }
        }

        return right > left ? new SKRectI(left, top, right, bottom) : SKRectI.Empty;
    }
}
