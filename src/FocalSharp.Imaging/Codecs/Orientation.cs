using SkiaSharp;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Rotates and mirrors pixels by EXIF orientation.</summary>
internal static class Orientation
{
    public static bool Transposes(SKEncodedOrigin origin) => origin
        is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    public static RgbImage Apply(RgbImage image, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft)
        {
            return image;
        }

        (int w, int h) = (image.Width, image.Height);
        RgbImage result = Transposes(origin) ? new(h, w) : new(w, h);
        Reorient(image.Pixels, result.Pixels, w, h, 3, origin);
        return result;
    }

    /// <summary>Reorients pixels of three or four bytes.</summary>
    public static void Reorient(ReadOnlySpan<byte> from, Span<byte> to, int w, int h, int bytesPerPixel, SKEncodedOrigin origin)
    {
        // Position of the first source pixel, and the steps in the target (in pixels) per source step right and down.
        int tw = Transposes(origin) ? h : w;
        (int start, int right, int down) = origin switch
        {
            SKEncodedOrigin.TopRight => (w - 1, -1, tw),
            SKEncodedOrigin.BottomRight => ((h * w) - 1, -1, -tw),
            SKEncodedOrigin.BottomLeft => ((h - 1) * w, 1, -tw),
            SKEncodedOrigin.LeftTop => (0, tw, 1),
            SKEncodedOrigin.RightTop => (h - 1, tw, -1),
            SKEncodedOrigin.RightBottom => ((w * h) - 1, -tw, -1),
            _ => ((w - 1) * h, -tw, 1),
        };
        int source = 0;
        for (int y = 0; y < h; y++)
        {
            int target = (start + (y * down)) * bytesPerPixel;
            for (int x = 0; x < w; x++, source += bytesPerPixel, target += right * bytesPerPixel)
            {
                to[target] = from[source];
                to[target + 1] = from[source + 1];
                to[target + 2] = from[source + 2];
            }
        }
    }
}
