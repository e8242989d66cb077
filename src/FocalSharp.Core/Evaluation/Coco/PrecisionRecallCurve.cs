namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Precision and recall by score threshold: one point per distinct score, in descending order, including detections of at least that
/// score. Not interpolated.
/// </summary>
/// <param name="Name">The class name, or a name for pooled classes.</param>
/// <param name="Iou">The IoU threshold of a correct detection.</param>
/// <param name="TruthCount">Number of objects.</param>
/// <param name="Scores">Thresholds, descending.</param>
/// <param name="Precision">Fraction of the detections that are correct.</param>
/// <param name="Recall">Fraction of the objects that are found.</param>
/// <param name="F1">Harmonic mean of precision and recall.</param>
internal sealed record PrecisionRecallCurve(
    string Name, double Iou, int TruthCount, double[] Scores, double[] Precision, double[] Recall, double[] F1)
{
    /// <summary>Gets the index of the highest F1; at equal values that of the higher threshold. −1 without points.</summary>
    public int BestIndex => F1.Length == 0 ? -1 : Array.IndexOf(F1, F1.Max());

    /// <summary>Gets the highest F1; 0 without points.</summary>
    public double BestF1 => BestIndex < 0 ? 0 : F1[BestIndex];

    /// <summary>Gets the score threshold of the highest F1; null without points.</summary>
    public double? BestThreshold => BestIndex < 0 ? null : Scores[BestIndex];

    /// <summary>Returns the indices of a limited number of points, evenly spaced along the curve, including its ends and its best F1.</summary>
    /// <param name="max">Maximum number of points, at least 3.</param>
    public int[] Downsample(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 3);
        int count = Scores.Length;
        return count <= max
            ? [.. Enumerable.Range(0, count)]
            : [.. Enumerable.Range(0, max - 1).Select(i => (int)((long)i * (count - 1) / (max - 2))).Append(BestIndex).Distinct().Order()];
    }
}
