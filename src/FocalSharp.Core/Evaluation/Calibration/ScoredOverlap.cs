namespace FocalSharp.Evaluation.Calibration;

/// <summary>The score and the true IoU of a detection.</summary>
/// <param name="Score">The score, an estimate of the IoU with the object (paper, section 3.1).</param>
/// <param name="Iou">The true IoU: with the annotated object of the same class that it overlaps most; 0 if there is none.</param>
internal readonly record struct ScoredOverlap(double Score, double Iou);
