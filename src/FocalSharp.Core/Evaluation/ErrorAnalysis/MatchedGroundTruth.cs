namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>An annotated object and the result of its matching.</summary>
/// <param name="Position">Position in the ground truth.</param>
/// <param name="Category">Position of the class in <see cref="MatchedDetections.Categories"/>.</param>
/// <param name="FoundBy">Position in the results of the detection that found it, or −1.</param>
/// <param name="IsMissed">Whether no detection found it, and no class or location error explains it.</param>
internal readonly record struct MatchedGroundTruth(int Position, int Category, int FoundBy, bool IsMissed);
