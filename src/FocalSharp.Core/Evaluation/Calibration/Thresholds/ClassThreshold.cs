namespace FocalSharp.Evaluation.Calibration.Thresholds;

/// <summary>The score threshold of a class.</summary>
/// <param name="Threshold">The threshold in terms of the model's own scores; null if the target cannot be shown.</param>
/// <param name="Successes">Detected objects (recall) or correct detections (precision) above the threshold, or at the best one if there is none.</param>
/// <param name="Count">Objects (recall) or detections above the threshold (precision).</param>
/// <param name="LowerBound">The metric that these numbers show with the confidence.</param>
/// <param name="Required">The least number of objects or detections for the target.</param>
internal sealed record ClassThreshold(double? Threshold, int Successes, int Count, double LowerBound, int Required);
