using FocalSharp.Datasets;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Quantization;

namespace FocalSharp.Models.Export;

/// <summary>Measures the ranges of a float32 file's features on pictures.</summary>
internal static class Calibrator
{
    /// <summary>Pictures that the ranges are measured on by default; more change them little.</summary>
    public const int DefaultImageCount = 128;

    // Features of one run that are held at a time: those of a large detector are gigabytes.
    private const int MaxFeaturesPerRun = 24;

    /// <summary>Runs the pictures and gathers histograms.</summary>
    /// <param name="model">The float32 file.</param>
    /// <param name="images">The pictures.</param>
    /// <param name="rule">How they become inputs.</param>
    /// <param name="progress">Told the number of pictures done.</param>
    /// <param name="cancellationToken">Ends the work between pictures.</param>
    public static IReadOnlyDictionary<string, FeatureHistogram> MeasureRanges(
        OnnxModel model,
        IReadOnlyList<DatasetImage> images,
        ResizeRule rule,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> features = OnnxQuantizer.GetCalibrationFeatures(model);
        Dictionary<string, FeatureHistogram> histograms = features.ToDictionary(feature => feature, _ => new FeatureHistogram(), StringComparer.Ordinal);
        using TemporaryModelFile file = new(OnnxQuantizer.AddOutputs(model, features));
        using OnnxSession session = new(file.Path);
        for (int i = 0; i < images.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            OnnxInputImage picture = OnnxInputImage.Create(ImageDecoder.Decode(images[i].Path), rule);
            foreach (string[] some in features.Chunk(MaxFeaturesPerRun))
            {
                IReadOnlyDictionary<string, float[]> values =
                    session.Run(picture.Pixels, [picture.Frame], picture.Height, picture.Width, outputs: some);
                Parallel.ForEach(some, feature => histograms[feature].Add(values[feature]));
            }

            progress?.Report(i + 1);
        }

        return histograms;
    }
}
