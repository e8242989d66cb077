namespace FocalSharp.Detections.Calibration;

/// <summary>What a calibration was learned from.</summary>
/// <param name="Data">Name of the data set.</param>
/// <param name="Split">Its split.</param>
/// <param name="Images">The number of images.</param>
/// <param name="Boxes">The number of detections that matched an object.</param>
internal sealed record CalibrationSource(string Data, string Split, int Images, int Boxes);
