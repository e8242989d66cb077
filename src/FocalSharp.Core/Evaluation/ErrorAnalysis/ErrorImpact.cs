namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>What one kind of error costs.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">How many there are among all detections, however unsure, or among all objects.</param>
/// <param name="LostAP">What AP would gain if this kind alone were mended, mean over the classes; not below 0.</param>
/// <param name="LostByClass">The same for each class; −1 where a class has no objects.</param>
public sealed record ErrorImpact(ErrorKind Kind, int Count, double LostAP, IReadOnlyList<double> LostByClass);
