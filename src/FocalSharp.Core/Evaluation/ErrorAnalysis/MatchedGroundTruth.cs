namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>An annotated object and what became of it.</summary>
/// <param name="Position">Its position in the ground truth.</param>
/// <param name="Category">Position of its class in <see cref="MatchedDetections.Categories"/>.</param>
/// <param name="FoundBy">Position in the results of the detection that found it, or −1.</param>
/// <param name="IsMissed">True where none found it, and no error of class or location explains why.</param>
public readonly record struct MatchedGroundTruth(int Position, int Category, int FoundBy, bool IsMissed);
