namespace FocalSharp.Reporting;

/// <summary>A validation picture.</summary>
/// <param name="Caption">What it is: the file's name, and what was found.</param>
/// <param name="Prediction">PNG or JPEG file of the image with the predicted boxes.</param>
/// <param name="GroundTruth">PNG or JPEG file with the annotated boxes, shown to the left; null shows the prediction alone.</param>
public sealed record ReportPicture(string Caption, byte[] Prediction, byte[]? GroundTruth = null);
