namespace FocalSharp.Detections.Calibration;

/// <summary>The score thresholds of a model's classes, chosen for a recall or precision that holds with a stated confidence.</summary>
/// <param name="Metric">What is held: <c>recall</c> or <c>precision</c>.</param>
/// <param name="Target">The least value of the metric.</param>
/// <param name="Confidence">The probability that the metric holds.</param>
/// <param name="ByClass">The threshold of each class in terms of the model's own scores, before calibration; null for a class for which none was found.</param>
internal sealed record ScoreThresholds(string Metric, double Target, double Confidence, IReadOnlyList<double?> ByClass);
