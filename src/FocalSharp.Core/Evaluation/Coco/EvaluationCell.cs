using System.Runtime.InteropServices;

namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// The objects and detections of one category in one image, as ranges of the arrays in <see cref="EvaluationIndex"/>.
/// </summary>
/// <param name="Category">Position of the category.</param>
/// <param name="Image">Position of the image in <see cref="EvaluationIndex.ImageIds"/>.</param>
/// <param name="TruthStart">Position of the first object.</param>
/// <param name="TruthCount">Number of objects.</param>
/// <param name="DetectionStart">Position of the first detection.</param>
/// <param name="DetectionCount">Number of detections.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EvaluationCell(int Category, int Image, int TruthStart, int TruthCount, int DetectionStart, int DetectionCount);
