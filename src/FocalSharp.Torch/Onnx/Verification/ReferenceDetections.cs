using FocalSharp.Detections;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Onnx.Verification;

/// <summary>The detector's own results for one image, computed by libtorch and <see cref="DetectionDecoder"/>.</summary>
/// <param name="Detections">After NMS, highest score first, in pixels of the input.</param>
/// <param name="Candidates">
/// Detections before NMS, including those slightly below the threshold and beyond the per-level limit.
/// </param>
/// <param name="LevelCutoffs">For each level with more candidates than the limit, the score at the limit.</param>
internal sealed record ReferenceDetections(
    IReadOnlyList<Detection> Detections, IReadOnlyList<Detection> Candidates, IReadOnlyList<float> LevelCutoffs)
{
    /// <summary>Computes the output of the network.</summary>
    /// <param name="detector">The detector, which is switched to evaluation mode.</param>
    /// <param name="images">uint8 <c>[batch, height, width, 3]</c>, RGB.</param>
    /// <param name="frames">Resize transform of each image.</param>
    /// <param name="height">Height of the batch.</param>
    /// <param name="width">Width of the batch.</param>
    /// <returns>The head's output, which the caller disposes.</returns>
    public static HeadOutput Run(GflDetector detector, byte[] images, IReadOnlyList<ResizeTransform> frames, int height, int width)
    {
        using FinalizerPause pause = FinalizerPause.Begin();
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        detector.eval();
        Tensor pixels = tensor(images, [frames.Count, height, width, 3], ScalarType.Byte).permute(0, 3, 1, 2);
        HeadOutput output = detector.call(detector.Preprocess(pixels, frames));
        scope.MoveToOuter(output.Scores);
        scope.MoveToOuter(output.BoxDistributionLogits);
        foreach (Tensor map in output.Scores.Concat(output.BoxDistributionLogits))
        {
            map.DetachFromDisposeScope();
        }

        return output;
    }

    /// <summary>Decodes the output of the network.</summary>
    /// <param name="detector">The detector whose output it is.</param>
    /// <param name="output">The output of its head.</param>
    /// <param name="frames">Resize transform of each image.</param>
    /// <param name="options">Thresholds and limits.</param>
    /// <param name="tolerance">Tolerance that candidates may be below the threshold.</param>
    /// <returns>The results of each image.</returns>
    public static ReferenceDetections[] Decode(
        GflDetector detector, HeadOutput output, IReadOnlyList<ResizeTransform> frames, PostprocessOptions options, OnnxTolerance tolerance)
    {
        HeadDecoder predictor = new(detector.Options.Head, detector.Options.Classes.Count);
        Detection[][] retained = predictor.Decode(output, frames, options);
        PostprocessOptions wide = options with
        {
            ScoreThreshold = Math.Max(0, options.ScoreThreshold - (2 * tolerance.Score)),
            MaxPerLevel = 2 * options.MaxPerLevel,
            NmsThreshold = 1,
            MaxDetections = int.MaxValue,
        };
        Detection[][] candidates = predictor.Decode(output, frames, wide);
        float[][][] scores = [.. output.Scores.Select(map => Probabilities(map, detector.Options.Classes.Count, output.ScoresAreProbabilities))];
        return [.. retained.Select((detections, i) => new ReferenceDetections(
            detections, candidates[i], [.. scores.Select(level => FindCutoff(level[i], options)).OfType<float>()]))];
    }

    /// <summary>Returns the score at a rank among a batch's (location, class) pairs.</summary>
    public static double ScoreAtRank(HeadOutput output, int classes, int rank) =>
        output.Scores.SelectMany(map => Probabilities(map, classes, output.ScoresAreProbabilities).SelectMany(scores => scores))
            .OrderDescending().Skip(rank).FirstOrDefault();

    /// <summary>Returns the scores of one level, by image.</summary>
    private static float[][] Probabilities(Tensor map, int classes, bool already)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        Tensor known = map.narrow(1, 0, classes);
        Tensor probabilities = already ? known : known.sigmoid();
        return [.. Enumerable.Range(0, (int)map.size(0)).Select(i => TensorConversion.ToState(probabilities[i]).Span<float>().ToArray())];
    }

    private static float? FindCutoff(float[] scores, PostprocessOptions options)
    {
        float[] passed = [.. scores.Where(score => score > options.ScoreThreshold).OrderDescending().Take(options.MaxPerLevel + 1)];
        return passed.Length > options.MaxPerLevel ? passed[^2] : null;
    }
}
