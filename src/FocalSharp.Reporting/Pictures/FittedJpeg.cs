using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Reporting.Pictures;

/// <summary>Encodes JPEG files within a maximum size, to limit the size of the page.</summary>
internal static class FittedJpeg
{
    private const int MinSide = 32;
    private static readonly int[] Qualities = [86, 76, 62, 46];

    /// <summary>Encodes an image; reduces the quality and then the size until the file fits.</summary>
    /// <param name="image">The image.</param>
    /// <param name="longSide">The maximum length of the long side in pixels.</param>
    /// <param name="maxBytes">The maximum file size; an image of 32 px may exceed it.</param>
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

    /// <summary>Returns the image resized to a maximum length of the long side, or the image itself if it is not longer.</summary>
    internal static RgbImage Shrink(RgbImage image, int side)
    {
        double scale = side / (double)Math.Max(image.Width, image.Height);
        return scale >= 1 ? image : AreaResizer.Resize(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));
    }
}
