using FocalSharp.Detections;
using FocalSharp.Runtime;

namespace FocalSharp.Serving.Batching;

/// <summary>The limits of a request.</summary>
/// <param name="ScoreThreshold">The minimum score, exclusive, 0 to 1; the smallest of <paramref name="ClassThresholds"/> if there are any.</param>
/// <param name="MaxDetections">The maximum number of detections per image, at least 1.</param>
/// <param name="ClassThresholds">The minimum scores of the classes by label, stored in the model; null if one applies to all.</param>
internal readonly record struct DetectionLimits(double ScoreThreshold, int MaxDetections, IReadOnlyList<double>? ClassThresholds = null)
{
    /// <summary>
    /// Returns the limits of requests that pass none: those of the options, else the model's own limit and score thresholds, or the default threshold if it
    /// has none.
    /// </summary>
    public static DetectionLimits GetDefaults(ModelInfo model, DetectOptions options)
    {
        double[]? classes = options.ScoreThreshold is null && options.UseCalibration != false ? model.GetClassThresholds() : null;
        return new(classes?.Min() ?? options.ScoreThreshold ?? DetectOptions.DefaultScoreThreshold, options.MaxDetections ?? model.Postprocess.MaxDetections, classes);
    }

    /// <summary>Returns the weakest limits whose results contain those of both.</summary>
    public DetectionLimits Union(DetectionLimits other) =>
        new(Math.Min(ScoreThreshold, other.ScoreThreshold), Math.Max(MaxDetections, other.MaxDetections));

    /// <summary>
    /// Reduces the detections under weaker limits to these limits. The result is the same as a run under these limits: in NMS, only higher scores
    /// suppress lower ones, so detections below the threshold do not affect those above, and the best n are the first n of the best m.
    /// </summary>
    /// <param name="found">The detections, highest score first.</param>
    public IReadOnlyList<Detection> Apply(IReadOnlyList<Detection> found)
    {
        if (ClassThresholds is { } classes)
        {
            return [.. found.Where(detection => detection.Score > (float)classes[detection.Label]).Take(MaxDetections)];
        }

        float threshold = (float)ScoreThreshold;
        return [.. found.TakeWhile(detection => detection.Score > threshold).Take(MaxDetections)];
    }
}
