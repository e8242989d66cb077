namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>The cost of one kind of error.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">Number of occurrences among all detections, regardless of score, or among all objects.</param>
/// <param name="LostAP">The AP gained if only this kind were corrected, the mean over the classes; at least 0.</param>
/// <param name="LostByClass">The AP gained per class; −1 for a class without objects.</param>
internal sealed record ErrorImpact(ErrorKind Kind, int Count, double LostAP, IReadOnlyList<double> LostByClass);
