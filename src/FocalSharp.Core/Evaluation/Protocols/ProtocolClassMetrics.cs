namespace FocalSharp.Evaluation.Protocols;

/// <summary>The values of one class; null if it has no objects.</summary>
/// <param name="Name">The class name.</param>
/// <param name="Objects">Number of counted objects.</param>
/// <param name="AP">Average precision, the mean over IoU thresholds.</param>
/// <param name="ByThreshold">Average precision at each IoU threshold.</param>
/// <param name="Recall">The fraction of objects that are found, the mean over IoU thresholds.</param>
internal sealed record ProtocolClassMetrics(string Name, int Objects, double? AP, IReadOnlyList<double>? ByThreshold, double? Recall);
