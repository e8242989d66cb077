namespace FocalSharp.Evaluation.Calibration;

/// <summary>The detections whose scores lie in one stretch of [0, 1].</summary>
/// <param name="From">Lower end of the stretch.</param>
/// <param name="To">Upper end; the last stretch holds it.</param>
/// <param name="Count">Number of detections.</param>
/// <param name="MeanScore">Their mean score; NaN where there is none.</param>
/// <param name="MeanIou">Their mean real IoU; NaN where there is none.</param>
public readonly record struct ReliabilityBin(double From, double To, int Count, double MeanScore, double MeanIou);
