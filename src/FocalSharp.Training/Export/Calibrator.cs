using FocalSharp.Datasets;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Quantization;

namespace FocalSharp.Training.Export;

/// <summary>Measures the ranges of a float32 file's features on pictures.</summary>
public static class Calibrator
{
    /// <summary>Pictures that the ranges are measured on by default; more change them little.</summary>
    public const int DefaultImages = 128;

    // Features of one run that are held at a time: those of a large detector are gigabytes.
    private const int AtOnce = 24;

    /// <summary>Runs the pictures and gathers histograms.</summary>
    /// <param name="model">The float32 file.</param>
    /// <param name="images">The pictures.</param>
    /// <param name="rule">How they become inputs.</param>
    /// <param name="progress">Told the number of pictures done.</param>
    /// <param name="cancellation">Ends the work between pictures.</param>
    public static IReadOnlyDictionary<string, FeatureHistogram> Measure(
        OnnxModel model,
        IReadOnlyList<DatasetImage> images,
        ResizeRule rule,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        IReadOnlyList<string> features = OnnxQuantizer.Features(model);
        Dictionary<string, FeatureHistogram> histograms = features.ToDictionary(feature => feature, _ => new FeatureHistogram(), StringComparer.Ordinal);
        using ScratchFile file = new(OnnxQuantizer.WithOutputs(model, features));
        using OnnxSession session = new(file.Path);
        for (int i = 0; i < images.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            PreparedPicture picture = PreparedPicture.Of(ImageDecoder.Decode(images[i].Path), rule);
            foreach (string[] some in features.Chunk(AtOnce))
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
