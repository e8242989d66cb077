namespace FocalSharp.Models.Export;

/// <summary>What a file is worth, measured.</summary>
/// <param name="AP">COCO AP on the judged pictures.</param>
/// <param name="AP50">AP at IoU 0.50.</param>
/// <param name="Milliseconds">Median time of one picture in ONNX Runtime, decoding and resizing outside.</param>
/// <param name="Bytes">Size of the file.</param>
public sealed record OnnxMetrics(double AP, double AP50, double Milliseconds, long Bytes);
