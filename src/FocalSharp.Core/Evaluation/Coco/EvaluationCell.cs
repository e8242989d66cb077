using System.Runtime.InteropServices;

namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// The objects and detections of one category in one image, as ranges of <see cref="EvaluationIndex"/>'s arrays.
/// </summary>
/// <param name="Category">Position of the category.</param>
/// <param name="TruthStart">First object.</param>
/// <param name="TruthCount">Number of objects.</param>
/// <param name="DetectionStart">First detection.</param>
/// <param name="DetectionCount">Number of detections.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EvaluationCell(int Category, int TruthStart, int TruthCount, int DetectionStart, int DetectionCount);
