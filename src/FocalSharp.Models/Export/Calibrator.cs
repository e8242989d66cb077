using FocalSharp.Datasets;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Quantization;

namespace FocalSharp.Models.Export;

/// <summary>Measures the activation ranges of a float32 model on images.</summary>
internal static class Calibrator
{
    /// <summary>Default number of images; more change the ranges little.</summary>
    public const int DefaultImageCount = 128;

    // Activations returned per run: those of a large detector take gigabytes.
    private const int MaxFeaturesPerRun = 24;

    /// <summary>Runs the model on images and collects a histogram of each activation.</summary>
    /// <param name="model">The float32 model.</param>
    /// <param name="images">The images.</param>
    /// <param name="rule">The model's resize rule.</param>
    /// <param name="progress">Receives the number of images done.</param>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    public static IReadOnlyDictionary<string, FeatureHistogram> MeasureRanges(
        OnnxModel model,
        IReadOnlyList<DatasetImage> images,
        ResizeRule rule,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> features = OnnxQuantizer.GetCalibrationFeatures(model);
        Dictionary<string, FeatureHistogram> histograms = features.ToDictionary(feature => feature, _ => new FeatureHistogram(), StringComparer.Ordinal);
        using ModelSession session = ModelSession.Open(OnnxQuantizer.AddOutputs(model, features).ToBytes(), "calibration model");
        for (int i = 0; i < images.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using PreparedImage image = PreparedImage.Create(images[i].Path, rule);
            byte[] pixels = image.Pixels.ToArray();
            foreach (string[] some in features.Chunk(MaxFeaturesPerRun))
            {
                IReadOnlyDictionary<string, float[]> values = session.Run(pixels, [image.Transform], image.InputSize, outputs: some);
                Parallel.ForEach(some, feature => histograms[feature].Add(values[feature]));
            }

            progress?.Report(i + 1);
        }

        return histograms;
    }
}
