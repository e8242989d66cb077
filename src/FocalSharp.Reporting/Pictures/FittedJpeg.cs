using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Reporting.Pictures;

/// <summary>JPEG files that keep to a number of bytes, so that a page with many pictures stays one that can be mailed.</summary>
public static class FittedJpeg
{
    private const int MinSide = 32;
    private static readonly int[] Qualities = [86, 76, 62, 46];

    /// <summary>Encodes as well as the bytes allow: first with less quality, then with fewer pixels.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="longSide">The long side is shrunk to this many pixels.</param>
    /// <param name="maxBytes">The file's size at most; a picture of 32 px is kept whatever it takes.</param>
    public static byte[] Encode(RgbImage image, int longSide, int maxBytes)
    {
        for (int side = longSide; ; side = side * 3 / 4)
        {
            RgbImage shrunk = Shrink(image, side);
            foreach (int quality in Qualities)
            {
                using MemoryStream stream = new();
                ImageEncoder.SaveJpeg(shrunk, stream, quality);
                if (stream.Length <= maxBytes || (side <= MinSide && quality == Qualities[^1]))
                {
                    return stream.ToArray();
                }
            }
        }
    }

    /// <summary>The picture with its long side shrunk to so many pixels; itself where that is no longer.</summary>
    internal static RgbImage Shrink(RgbImage image, int side)
    {
        double scale = side / (double)Math.Max(image.Width, image.Height);
        return scale >= 1 ? image : AreaResizer.Resize(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));
    }
}
