namespace FocalSharp.Evaluation.Protocols;

/// <summary>The average precision of an evaluation by any protocol. Values are null where there are no objects.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="IouThresholds">The IoU thresholds.</param>
/// <param name="AP">The mean over classes with objects and over IoU thresholds.</param>
/// <param name="ByThreshold">The mean over classes at each IoU threshold.</param>
/// <param name="PerClass">The values of each class.</param>
internal sealed record ProtocolMetrics(
    EvaluationProtocol Protocol, IReadOnlyList<double> IouThresholds, double? AP, IReadOnlyList<double?> ByThreshold, IReadOnlyList<ProtocolClassMetrics> PerClass)
{
    /// <summary>Computes the metrics of matches.</summary>
    public static ProtocolMetrics Compute(MatchSet matches)
    {
        int[] weights = new int[matches.ImageIds.Count];
        Array.Fill(weights, 1);
        int thresholds = matches.IouThresholds.Count;
        ProtocolClassMetrics[] classes = [.. matches.Classes.Select(one =>
        {
            WeightedPrecision precision = new(one, thresholds, matches.Recalls);
            double[] ap = new double[thresholds];
            bool isDefined = precision.TryCompute(weights, new double[precision.BufferLength], ap);
            double[] recall = [.. Enumerable.Range(0, thresholds).Select(t =>
                one.Matched.Where((bits, d) => ((bits & ~one.Ignored[d]) >> t & 1) != 0).Count() / (double)one.TruthImages.Length)];
            return new ProtocolClassMetrics(one.Category.Name, one.TruthImages.Length, isDefined ? ap.Average() : null, isDefined ? ap : null, isDefined ? recall.Average() : null);
        })];
        return new ProtocolMetrics(
            matches.Protocol,
            matches.IouThresholds,
            Mean(classes.Select(one => one.AP)),
            [.. Enumerable.Range(0, thresholds).Select(t => Mean(classes.Select(one => one.ByThreshold?[t])))],
            classes);
    }

    private static double? Mean(IEnumerable<double?> values) => values.Average();
}
