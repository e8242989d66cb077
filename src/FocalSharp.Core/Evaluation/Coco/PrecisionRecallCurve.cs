namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// What a score threshold gives, for every threshold that changes anything: one point for each distinct score, from the highest,
/// detections of at least that score kept. Not interpolated.
/// </summary>
/// <param name="Name">The class, or what was pooled.</param>
/// <param name="Iou">The IoU from which a detection is right.</param>
/// <param name="TruthCount">Number of objects.</param>
/// <param name="Scores">Thresholds, descending.</param>
/// <param name="Precision">Right among the kept.</param>
/// <param name="Recall">Found among the objects.</param>
/// <param name="F1">Harmonic mean of the two.</param>
public sealed record PrecisionRecallCurve(
    string Name, double Iou, int TruthCount, double[] Scores, double[] Precision, double[] Recall, double[] F1)
{
    /// <summary>Index of the highest F1, the higher threshold where several are equal; −1 without points.</summary>
    public int BestIndex => F1.Length == 0 ? -1 : Array.IndexOf(F1, F1.Max());

    /// <summary>The highest F1; 0 without points.</summary>
    public double BestF1 => BestIndex < 0 ? 0 : F1[BestIndex];

    /// <summary>The score threshold of the highest F1; null without points.</summary>
    public double? BestThreshold => BestIndex < 0 ? null : Scores[BestIndex];

    /// <summary>Indices of at most so many points, spread evenly over the curve's length, its ends and its best F1 among them.</summary>
    /// <param name="max">How many at most, at least 3.</param>
    public int[] Downsample(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 3);
        int count = Scores.Length;
        return count <= max
            ? [.. Enumerable.Range(0, count)]
            : [.. Enumerable.Range(0, max - 1).Select(i => (int)((long)i * (count - 1) / (max - 2))).Append(BestIndex).Distinct().Order()];
    }
}
