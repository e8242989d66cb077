namespace FocalSharp.Evaluation.Calibration;

/// <summary>Edges of like deviation.</summary>
/// <param name="Count">Number of edges.</param>
/// <param name="MeanDeviation">Their mean predicted deviation σ in pixels.</param>
/// <param name="MeanError">Their mean distance from the annotated edge in pixels.</param>
/// <param name="RootMeanSquareError">The root of their mean squared distance: equals σ where σ is calibrated.</param>
public readonly record struct DeviationBin(int Count, double MeanDeviation, double MeanError, double RootMeanSquareError);
