namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>A detection and what became of it.</summary>
/// <param name="Position">Its position in the results.</param>
/// <param name="Category">Position of its class in <see cref="MatchedDetections.Categories"/>.</param>
/// <param name="Error">What is wrong with it; null where it is right.</param>
/// <param name="Truth">
/// Position in the ground truth of the object that it found, or, where it is wrong, that it was meant for; −1 for background.
/// </param>
/// <param name="Iou">Its overlap with that object; 0 for background.</param>
public readonly record struct MatchedDetection(int Position, int Category, ErrorKind? Error, int Truth, double Iou);
