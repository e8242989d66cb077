namespace FocalSharp.Evaluation.Calibration;

/// <summary>One side of a detected object: predicted uncertainty and true error.</summary>
/// <param name="Side">0 left, 1 top, 2 right, 3 bottom.</param>
/// <param name="Deviation">Standard deviation of the side's predicted distribution in pixels.</param>
/// <param name="Error">Distance of the predicted side from the annotated one in pixels.</param>
/// <param name="Blur">How blurred or hidden the side was drawn, in pixels; null if unknown.</param>
internal readonly record struct EdgeObservation(int Side, double Deviation, double Error, double? Blur);
