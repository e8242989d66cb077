using FocalSharp.Datasets;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Quantization;

namespace FocalSharp.Models.Export;

/// <summary>Measures how much the quantization of each convolution changes a network's outputs.</summary>
internal static class LayerSensitivity
{
    /// <summary>Number of images; the order of the layers changes little with more.</summary>
    private const int MaxImages = 4;

    /// <summary>Returns the convolutions, the one whose quantization alone changes the outputs most first.</summary>
    /// <param name="raw">The float32 model with the head's outputs at all locations.</param>
    /// <param name="ranges">The measured ranges.</param>
    /// <param name="images">The images; four of them are used.</param>
    /// <param name="rule">The model's resize rule.</param>
    /// <param name="cancellationToken">Cancels the work between runs.</param>
    public static IReadOnlyList<(string Convolution, double Error)> Measure(
        OnnxModel raw,
        IReadOnlyDictionary<string, ActivationRange> ranges,
        IReadOnlyList<DatasetImage> images,
        ResizeRule rule,
        CancellationToken cancellationToken = default)
    {
        int count = Math.Min(images.Count, MaxImages);
        PreparedImage[] inputs = [.. Enumerable.Range(0, count).Select(i => PreparedImage.Create(images[(int)((long)i * images.Count / count)].Path, rule))];
        try
        {
            IReadOnlyDictionary<string, float[]>[] expected = Run(raw, inputs, cancellationToken);
            IReadOnlyList<string> convolutions = OnnxQuantizer.GetConvolutions(raw);
            return
            [
                .. convolutions.Select(convolution =>
                {
                    OnnxModel quantized = OnnxQuantizer.Quantize(raw, ranges, convolutions.Where(other => other != convolution).ToHashSet());
                    return (convolution, ComputeError(expected, Run(quantized, inputs, cancellationToken)));
                }).OrderByDescending(pair => pair.Item2),
            ];
        }
        finally
        {
            Array.ForEach(inputs, input => input.Dispose());
        }
    }

    /// <summary>Returns the squared error relative to the variance, summed over the outputs: the inverse of their signal-to-noise ratios.</summary>
    internal static double ComputeError(
        IReadOnlyList<IReadOnlyDictionary<string, float[]>> expected, IReadOnlyList<IReadOnlyDictionary<string, float[]>> actual)
    {
        double sum = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            foreach ((string name, float[] values) in expected[i])
            {
                double mean = values.Average(value => (double)value);
                double variance = values.Sum(value => (value - mean) * (value - mean));
                double error = values.Zip(actual[i][name], (a, b) => (double)(a - b) * (a - b)).Sum();
                sum += error / Math.Max(variance, double.Epsilon);
            }
        }

        return sum;
    }

    private static IReadOnlyDictionary<string, float[]>[] Run(OnnxModel model, PreparedImage[] inputs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using ModelSession session = ModelSession.Open(model.ToBytes(), "calibration model");
        return [.. inputs.Select(input => session.Run(input.Pixels.ToArray(), [input.Transform], input.InputSize))];
    }
}
