using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Rotates and mirrors pixels by EXIF orientation, 1 to 8.</summary>
internal static class Orientation
{
    public static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation == ExifOrientation.None)
        {
            return image;
        }

        (int w, int h) = (image.Width, image.Height);
        RgbImage result = ExifOrientation.Transposes(orientation) ? new(h, w) : new(w, h);
        Reorient(image.Pixels, result.Pixels, w, h, 3, orientation);
        return result;
    }

    /// <summary>Reorients pixels of three or four bytes.</summary>
    public static void Reorient(ReadOnlySpan<byte> from, Span<byte> to, int w, int h, int bytesPerPixel, int orientation)
    {
        // Position of the first source pixel, and the steps in the target (in pixels) per source step right and down.
        int tw = ExifOrientation.Transposes(orientation) ? h : w;
        (int start, int right, int down) = orientation switch
        {
            1 => (0, 1, tw),
            2 => (w - 1, -1, tw),
            3 => ((h * w) - 1, -1, -tw),
            4 => ((h - 1) * w, 1, -tw),
            5 => (0, tw, 1),
            6 => (h - 1, tw, -1),
            7 => ((w * h) - 1, -tw, -1),
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
