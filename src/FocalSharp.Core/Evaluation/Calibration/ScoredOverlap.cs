namespace FocalSharp.Evaluation.Calibration;

/// <summary>What a detection promised and what was true.</summary>
/// <param name="Score">Its score: by the paper's section 3.1 an estimate of the IoU with its object.</param>
/// <param name="Iou">Its real IoU: with the annotated object of its class that it overlaps most, 0 where there is none.</param>
public readonly record struct ScoredOverlap(double Score, double Iou);
