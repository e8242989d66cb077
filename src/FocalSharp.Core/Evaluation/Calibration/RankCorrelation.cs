namespace FocalSharp.Evaluation.Calibration;

/// <summary>Rank correlation of two measurements.</summary>
internal static class RankCorrelation
{
    /// <summary>
    /// Returns Spearman's ρ in [−1, 1]: Pearson's correlation of the ranks, where equal values share their mean rank. NaN for fewer
    /// than two pairs or if one measurement is constant.
    /// </summary>
    public static double Spearman(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"Both measurements need the same number of values; {first.Count} and {second.Count} were passed.", nameof(second));
        }

        double[] a = Ranks(first);
        double[] b = Ranks(second);
        double mean = (a.Length + 1) / 2.0;
        (double ab, double aa, double bb) = (0, 0, 0);
        for (int i = 0; i < a.Length; i++)
        {
            (double da, double db) = (a[i] - mean, b[i] - mean);
            ab += da * db;
            aa += da * da;
            bb += db * db;
        }

        return ab / Math.Sqrt(aa * bb);
    }

    /// <summary>Returns the ranks from 1; equal values share their mean rank.</summary>
    internal static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        double[] ranks = new double[order.Length];
        for (int from = 0; from < order.Length;)
        {
            int to = from + 1;
            while (to < order.Length && values[order[to]].Equals(values[order[from]]))
            {
                to++;
            }

            for (int i = from; i < to; i++)
            {
                ranks[order[i]] = (from + to + 1) / 2.0;
            }

            from = to;
        }

        return ranks;
    }
}
