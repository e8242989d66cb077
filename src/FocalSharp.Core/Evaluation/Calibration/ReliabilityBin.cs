namespace FocalSharp.Evaluation.Calibration;

/// <summary>The detections whose scores lie in one interval of [0, 1].</summary>
/// <param name="From">Lower bound of the interval.</param>
/// <param name="To">Upper bound of the interval, exclusive except for the last.</param>
/// <param name="Count">Number of detections.</param>
/// <param name="MeanScore">Mean score; NaN if the bin is empty.</param>
/// <param name="MeanIou">Mean true IoU; NaN if the bin is empty.</param>
internal readonly record struct ReliabilityBin(double From, double To, int Count, double MeanScore, double MeanIou);
