namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Computes precision and recall from matches, by category, with the arithmetic of the reference COCOeval.
/// </summary>
internal sealed class PrecisionAccumulator(
    EvaluationIndex index, MatchTable table, CocoGroundTruth truth, CocoEvaluationOptions options, CocoArrays arrays)
{
    /// <summary>NumPy's <c>spacing(1)</c>, which avoids 0/0.</summary>
    private const double Epsilon = 2.220446049250313e-16;

    private readonly double[] _recallThresholds = [.. options.RecallThresholds];

    /// <summary>
    /// Fills the arrays, in parallel over categories and area ranges, and returns the sorted matches of each category.
    /// </summary>
    public ScoredMatches[] Run()
    {
        ScoredMatches[] sorted = new ScoredMatches[index.Categories.Length];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism };
        int[][] orders = new int[index.Categories.Length][];
        Parallel.For(0, index.Categories.Length, parallel, category =>
        {
            orders[category] = OrderByScore(category);
            sorted[category] = Collect(category, area: 0, orders[category], options.MaxDetections[^1]);
        });
        int areas = options.AreaRanges.Count;
        Parallel.For(0, index.Categories.Length * areas, parallel, task =>
        {
            int category = task / areas;
            int area = task % areas;
            for (int m = 0; m < options.MaxDetections.Count; m++)
            {
                Accumulate(category, area, m, Collect(category, area, orders[category], options.MaxDetections[m]));
            }
        });
        return sorted;
    }

    /// <summary>Returns the number of counted objects, by category and area range.</summary>
    public int[][] CountTruths() =>
        [.. Enumerable.Range(0, index.Categories.Length).Select(k => Enumerable.Range(0, options.AreaRanges.Count).Select(a => CountTruths(k, a)).ToArray())];

    private int[] OrderByScore(int category)
    {
        int start = table.CategoryStarts[category];
        int count = table.CategoryStarts[category + 1] - start;
        double[] keys = new double[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = -table.Scores[start + i];
            order[i] = start + i;
        }

        StableSort.Sort(keys, order);
        return order;
    }

    /// <summary>
    /// Returns the best detections of each image, over all images by score. A subset of a stable order is the subset's stable order.
    /// </summary>
    private ScoredMatches Collect(int category, int area, int[] order, int maxDetections)
    {
        int count = 0;
        foreach (int slot in order)
        {
            count += table.Ranks[slot] < maxDetections ? 1 : 0;
        }

        ScoredMatches matches = new(CountTruths(category, area), new double[count], new ulong[count], new ulong[count]);
        int i = 0;
        foreach (int slot in order)
        {
            if (table.Ranks[slot] < maxDetections)
            {
                matches.Scores[i] = table.Scores[slot];
                matches.Matched[i] = table.Matched[area][slot];
                matches.Ignored[i] = table.Ignored[area][slot];
                i++;
            }
        }

        return matches;
    }

    private int CountTruths(int category, int area)
    {
        int count = 0;
        for (int p = index.CellStarts[category]; p < index.CellStarts[category + 1]; p++)
        {
            EvaluationCell pair = index.Cells[p];
            foreach (int position in index.Truths.AsSpan(pair.TruthStart, pair.TruthCount))
            {
                count += EvaluationCellMatcher.IsIgnored(truth.Annotations[position], options.AreaRanges[area]) ? 0 : 1;
            }
        }

        return count;
    }

    private void Accumulate(int category, int area, int maxDetections, ScoredMatches matches)
    {
        if (matches.TruthCount == 0)
        {
            return; // the arrays stay at −1: undefined
        }

        int count = matches.Scores.Length;
        double[] precision = new double[count];
        double[] recall = new double[count];
        for (int t = 0; t < options.IouThresholds.Count; t++)
        {
            double right = 0;
            double wrong = 0;
            for (int i = 0; i < count; i++)
            {
                if ((matches.Ignored[i] >> t & 1) == 0)
                {
                    double hit = matches.Matched[i] >> t & 1;
                    right += hit;
                    wrong += 1 - hit;
                }

                precision[i] = right / (wrong + right + Epsilon);
                recall[i] = right / matches.TruthCount;
            }

            for (int i = count - 1; i > 0; i--)
            {
                precision[i - 1] = Math.Max(precision[i - 1], precision[i]);
            }

            arrays.Recall[arrays.RecallOffset(t, category, area, maxDetections)] = count > 0 ? recall[^1] : 0;
            ReadAtThresholds(t, category, area, maxDetections, matches.Scores, precision, recall);
        }
    }

    private void ReadAtThresholds(
        int t, int category, int area, int maxDetections, double[] scores, double[] precision, double[] recall)
    {
        int at = 0;
        for (int r = 0; r < _recallThresholds.Length; r++)
        {
            while (at < recall.Length && recall[at] < _recallThresholds[r])
            {
                at++;
            }

            int offset = arrays.PrecisionOffset(t, r, category, area, maxDetections);
            arrays.Precision[offset] = at < recall.Length ? precision[at] : 0;
            arrays.Scores[offset] = at < recall.Length ? scores[at] : 0;
        }
    }
}
