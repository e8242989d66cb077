namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>One edge of a matched detection.</summary>
/// <param name="Box">Index of the matched box.</param>
/// <param name="Image">Index of the image.</param>
/// <param name="Side">0 left, 1 top, 2 right, 3 bottom.</param>
/// <param name="Error">True minus predicted coordinate in pixels.</param>
/// <param name="Features">The features of the deviation scale.</param>
internal sealed record EdgeSample(int Box, int Image, int Side, double Error, double[] Features);
