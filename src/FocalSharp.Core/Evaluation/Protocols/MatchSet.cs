namespace FocalSharp.Evaluation.Protocols;

/// <summary>All that AP depends on: the matches of each class, by image, so that images can be weighted.</summary>
/// <param name="Protocol">The rules of matching.</param>
/// <param name="IouThresholds">The IoU thresholds, ascending.</param>
/// <param name="ImageIds">The evaluated images.</param>
/// <param name="Classes">The matches of each class, in the order of category ids.</param>
/// <param name="Recalls">The recalls at which precision is read, ascending; null for the area under the monotone curve.</param>
internal sealed record MatchSet(
    EvaluationProtocol Protocol, IReadOnlyList<double> IouThresholds, IReadOnlyList<long> ImageIds, IReadOnlyList<ClassMatches> Classes, double[]? Recalls);
