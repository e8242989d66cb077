namespace FocalSharp.Evaluation.Coco;

/// <summary>Computes curves for reports from the matches of an evaluation.</summary>
internal static class PrecisionRecall
{
    /// <summary>Returns the curve of one class over all areas, with the maximum number of detections per image.</summary>
    /// <param name="metrics">The evaluation.</param>
    /// <param name="category">Position of the class in <see cref="CocoMetrics.PerClass"/>.</param>
    /// <param name="iou">One of the evaluation's IoU thresholds, for example 0.5 or 0.75.</param>
    /// <exception cref="ArgumentException">The evaluation did not use this IoU threshold.</exception>
    public static PrecisionRecallCurve Curve(CocoMetrics metrics, int category, double iou = 0.5)
    {
        ScoredMatches matches = metrics.Matches[category];
        int[] order = [.. Enumerable.Range(0, matches.Scores.Length)];
        return Trace(metrics.PerClass[category].Name, iou, Threshold(metrics, iou), matches, order);
    }

    /// <summary>Returns the curve over all classes: one threshold for all, every detection weighted equally.</summary>
    /// <param name="metrics">The evaluation.</param>
    /// <param name="iou">One of the evaluation's IoU thresholds, for example 0.5 or 0.75.</param>
    /// <exception cref="ArgumentException">The evaluation did not use this IoU threshold.</exception>
    public static PrecisionRecallCurve Pooled(CocoMetrics metrics, double iou = 0.5)
    {
        ScoredMatches pooled = new(
            metrics.Matches.Sum(matches => matches.TruthCount),
            [.. metrics.Matches.SelectMany(matches => matches.Scores)],
            [.. metrics.Matches.SelectMany(matches => matches.Matched)],
            [.. metrics.Matches.SelectMany(matches => matches.Ignored)]);
        double[] keys = [.. pooled.Scores.Select(score => -score)];
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        StableSort.Sort(keys, order);
        return Trace("all classes", iou, Threshold(metrics, iou), pooled, order);
    }

    /// <summary>
    /// Returns COCO's interpolated precision of one class, one value per recall threshold; −1 if the class has no objects.
    /// </summary>
    /// <param name="metrics">The evaluation.</param>
    /// <param name="category">Position of the class in <see cref="CocoMetrics.PerClass"/>.</param>
    /// <param name="iou">One of the evaluation's IoU thresholds, for example 0.5 or 0.75.</param>
    /// <exception cref="ArgumentException">The evaluation did not use this IoU threshold.</exception>
    public static double[] Interpolated(CocoMetrics metrics, int category, double iou = 0.5)
    {
        int threshold = Threshold(metrics, iou);
        CocoArrays arrays = metrics.Arrays;
        int last = metrics.Options.MaxDetections.Count - 1;
        return [.. Enumerable.Range(0, metrics.Options.RecallThresholds.Count)
            .Select(r => arrays.Precision[arrays.PrecisionOffset(threshold, r, category, 0, last)])];
    }

    private static int Threshold(CocoMetrics metrics, double iou)
    {
        int threshold = metrics.Arrays.ThresholdIndex(iou);
        return threshold >= 0
            ? threshold
            : throw new ArgumentException($"IoU {iou} is not among the evaluation's thresholds ({string.Join(", ", metrics.Options.IouThresholds)}).", nameof(iou));
    }

    private static PrecisionRecallCurve Trace(string name, double iou, int threshold, ScoredMatches matches, int[] order)
    {
        List<double> scores = [];
        List<double> precision = [];
        List<double> recall = [];
        List<double> f1 = [];
        double right = 0;
        double retained = 0;
        for (int i = 0; i < order.Length; i++)
        {
            int d = order[i];
            if ((matches.Ignored[d] >> threshold & 1) == 0)
            {
                retained++;
                right += matches.Matched[d] >> threshold & 1;
            }

            // A threshold cannot separate equal scores, and before the first counted detection nothing is defined.
            bool isLastOfScore = i + 1 == order.Length || matches.Scores[order[i + 1]] < matches.Scores[d];
            if (isLastOfScore && retained > 0)
            {
                scores.Add(matches.Scores[d]);
                precision.Add(right / retained);
                recall.Add(matches.TruthCount == 0 ? 0 : right / matches.TruthCount);
                f1.Add(2 * right / (retained + matches.TruthCount));
            }
        }

        return new PrecisionRecallCurve(name, iou, matches.TruthCount, [.. scores], [.. precision], [.. recall], [.. f1]);
    }
}
