using FocalSharp.Detections;

namespace FocalSharp.Serving.Models;

/// <summary>What one request asks for.</summary>
/// <param name="ScoreThreshold">Scores at or below this are dropped, 0 to 1.</param>
/// <param name="MaxDetections">Most detections of an image, at least 1.</param>
public readonly record struct DetectionLimits(double ScoreThreshold, int MaxDetections)
{
    /// <summary>Limits under which a run yields all that either asks for.</summary>
    public DetectionLimits Union(DetectionLimits other) =>
        new(Math.Min(ScoreThreshold, other.ScoreThreshold), Math.Max(MaxDetections, other.MaxDetections));

    /// <summary>
    /// What a run under wider limits found, cut down to these. It equals a run under these alone: NMS lets higher scores suppress lower
    /// ones only, so what lies below a threshold changes nothing above it, and the best n are the first n of the best m.
    /// </summary>
    /// <param name="found">Detections, highest score first.</param>
    public IReadOnlyList<Detection> Apply(IReadOnlyList<Detection> found)
    {
        float threshold = (float)ScoreThreshold;
        return [.. found.TakeWhile(detection => detection.Score > threshold).Take(MaxDetections)];
    }
}
