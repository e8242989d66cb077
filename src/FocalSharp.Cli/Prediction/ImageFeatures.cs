using FocalSharp.Imaging;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models;
using FocalSharp.Runtime;

namespace FocalSharp.Cli.Prediction;

/// <summary>Describes what images show, to compare them.</summary>
internal static class ImageFeatures
{
    private const int ThumbnailSide = 8;

    /// <summary>Returns the features of an image: the backbone's for weights; for an ONNX file, whose features are inside the graph, a small copy of the image.</summary>
    public static float[] Compute(IDetector detector, RgbImage image)
    {
        if (detector is TorchDetector weights)
        {
            return weights.ComputeFeatures(image);
        }

        RgbImage small = AreaResizer.Resize(image, ThumbnailSide, ThumbnailSide);
        float[] features = [.. small.Pixels.ToArray().Select(value => value / 255f)];
        float mean = features.Average();
        float length = MathF.Sqrt(features.Sum(value => (value - mean) * (value - mean)));
        return [.. features.Select(value => length > 0 ? (value - mean) / length : 0)];
    }
}
