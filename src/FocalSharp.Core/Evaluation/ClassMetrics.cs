namespace FocalSharp.Evaluation;

/// <summary>The numbers of one class; −1 where the ground truth has none of it.</summary>
/// <param name="Name">The class.</param>
/// <param name="AP">Average precision over all IoU thresholds.</param>
/// <param name="AP50">Average precision at IoU 0.5.</param>
/// <param name="AP75">Average precision at IoU 0.75.</param>
/// <param name="AR100">Average recall with the most detections per image (100).</param>
/// <param name="GroundTruths">Number of objects judged, crowds left out.</param>
public sealed record ClassMetrics(string Name, double AP, double AP50, double AP75, double AR100, int GroundTruths);
