namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>A detection and the result of its matching.</summary>
/// <param name="Position">Position in the results.</param>
/// <param name="Category">Position of the class in <see cref="MatchedDetections.Categories"/>.</param>
/// <param name="Error">The kind of error; null if it is correct.</param>
/// <param name="Truth">
/// Position in the ground truth of the object that it found or, if it is wrong, that it refers to; −1 for background.
/// </param>
/// <param name="Iou">IoU with that object; 0 for background.</param>
internal readonly record struct MatchedDetection(int Position, int Category, ErrorKind? Error, int Truth, double Iou);
