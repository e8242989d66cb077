using FocalSharp.Datasets;

namespace FocalSharp.Explorer.Datasets;

/// <summary>An image of a run's data and how the run fared on it.</summary>
/// <param name="Index">Its place in the judged part of the data.</param>
/// <param name="Image">The image with its objects.</param>
/// <param name="Missed">Objects that no detection found.</param>
/// <param name="FalsePositives">Detections that found no object.</param>
/// <param name="ScoreDeficit">Sum over the objects of 1 − the score that they were found with; 1 for a missed one.</param>
public sealed record EvaluatedImage(int Index, DatasetImage Image, int Missed, int FalsePositives, double ScoreDeficit);
