using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Synthetic;

namespace FocalSharp.Benchmarks.Support;

/// <summary>A JPEG to decode: the file in <c>FOCALSHARP_BENCH_IMAGE</c>, resized, else a synthetic scene with noise.</summary>
internal static class Photo
{
    private const int Quality = 90;

    /// <summary>Writes the image in a size such as <c>1280x960</c> and returns its path.</summary>
    public static string Jpeg(string size)
    {
        string path = Path.Combine(Path.GetTempPath(), "focalsharp-bench", $"photo-{size}-{Environment.ProcessId}.jpg");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageEncoder.SaveJpeg(Image(size), path, Quality);
        return path;
    }

    /// <summary>Returns the image in a size such as <c>1280x960</c>.</summary>
    public static RgbImage Image(string size)
    {
        int[] sides = [.. size.Split('x').Select(int.Parse)];
        RgbImage source = Environment.GetEnvironmentVariable("FOCALSHARP_BENCH_IMAGE") is { Length: > 0 } file
            ? ImageDecoder.Decode(file)
            : new SceneGenerator(new SceneOptions { ImageSize = 1024, MaxObjects = 12 }).Render(0, DatasetSplit.Val).Image;
        return BilinearResizer.Resize(source, sides[0], sides[1]);
    }
}
