using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Serving.Tests.Support;

/// <summary>Uploads that tests send, good and bad.</summary>
internal static class Samples
{
    /// <summary>A JPEG of seeded noise, which does not compress to nothing.</summary>
    public static byte[] Jpeg(int width = 40, int height = 30, int seed = 1) => Encode(width, height, seed, (image, stream) => ImageEncoder.SaveJpeg(image, stream));

    /// <summary>A PNG of seeded noise.</summary>
    public static byte[] Png(int width = 40, int height = 30, int seed = 1) => Encode(width, height, seed, ImageEncoder.SavePng);

    /// <summary>A few hundred bytes whose header claims many pixels.</summary>
    public static byte[] DecompressionBomb(int width = 30_000, int height = 30_000) => HandWrittenImages.Png(width, height, bitDepth: 8, colorType: 2, new byte[10_000]);

    /// <summary>A JPEG whose second half is missing.</summary>
    public static byte[] Truncated() => Jpeg(200, 200)[..^10_000];

    private static byte[] Encode(int width, int height, int seed, Action<RgbImage, Stream> save)
    {
        RgbImage image = new(width, height);
        new Random(seed).NextBytes(image.Pixels);
        using MemoryStream stream = new();
        save(image, stream);
        return stream.ToArray();
    }
}
