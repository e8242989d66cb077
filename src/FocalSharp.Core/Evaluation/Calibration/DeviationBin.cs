namespace FocalSharp.Evaluation.Calibration;

/// <summary>Edges with similar deviations.</summary>
/// <param name="Count">Number of edges.</param>
/// <param name="MeanDeviation">Mean predicted deviation σ in pixels.</param>
/// <param name="MeanError">Mean distance from the annotated edge in pixels.</param>
/// <param name="RootMeanSquareError">Root mean square distance in pixels; equals σ if σ is calibrated.</param>
internal readonly record struct DeviationBin(int Count, double MeanDeviation, double MeanError, double RootMeanSquareError);
