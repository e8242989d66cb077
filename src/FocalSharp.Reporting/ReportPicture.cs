namespace FocalSharp.Reporting;

/// <summary>A picture of an evaluated image.</summary>
/// <param name="Caption">The caption: the file name and a summary.</param>
/// <param name="Prediction">The image with the predicted boxes, as a PNG or JPEG file.</param>
/// <param name="GroundTruth">The image with the annotated boxes, as a PNG or JPEG file; null to show only the prediction.</param>
public sealed record ReportPicture(string Caption, byte[] Prediction, byte[]? GroundTruth = null);
