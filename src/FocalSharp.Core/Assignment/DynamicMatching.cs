namespace FocalSharp.Assignment;

/// <summary>
/// The matching of SimOTA (arXiv 2107.08430) and of dynamic soft labels: each object takes its cheapest candidates, as many as the sum
/// of its best IoUs; a candidate that several objects take goes to the cheapest.
/// </summary>
internal static class DynamicMatching
{
    /// <summary>Matches candidates with objects; of equal costs, that with the lower index wins.</summary>
    /// <param name="candidates">Indices of the candidates in the grid, ascending.</param>
    /// <param name="overlaps">IoU of each object with each candidate's predicted box.</param>
    /// <param name="costs">Cost of each candidate for each object.</param>
    /// <param name="labels">Class of each object.</param>
    /// <param name="topK">Number of best IoUs that are summed.</param>
    public static AnchorAssignment Match(int[] candidates, float[][] overlaps, float[][] costs, ReadOnlySpan<int> labels, int topK)
    {
        int[] owners = new int[candidates.Length]; // 0: none, k + 1: object k
        bool[] contested = new bool[candidates.Length];
        int[] order = new int[candidates.Length];
        for (int k = 0; k < labels.Length; k++)
        {
            float[] cost = costs[k];
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            Array.Sort(order, (a, b) => cost[a] != cost[b] ? cost[a].CompareTo(cost[b]) : a.CompareTo(b));
            foreach (int i in order.AsSpan(0, ComputeDynamicK(overlaps[k], topK)))
            {
                contested[i] |= owners[i] != 0;
                owners[i] = k + 1;
            }
        }

        ResolveConflicts(owners, contested, costs);
        return CreateAssignment(candidates, owners, overlaps, labels);
    }

    private static int ComputeDynamicK(float[] overlaps, int topK)
    {
        float[] best = [.. overlaps.OrderDescending().Take(topK)];
        return Math.Clamp((int)best.Sum(), 1, overlaps.Length);
    }

    private static void ResolveConflicts(int[] owners, bool[] contested, float[][] costs)
    {
        for (int i = 0; i < owners.Length; i++)
        {
            if (!contested[i])
            {
                continue;
            }

            int cheapest = 0;
            for (int k = 1; k < costs.Length; k++)
            {
                cheapest = costs[k][i] < costs[cheapest][i] ? k : cheapest;
            }

            owners[i] = cheapest + 1;
        }
    }

    private static AnchorAssignment CreateAssignment(int[] candidates, int[] owners, float[][] overlaps, ReadOnlySpan<int> labels)
    {
        int[] positives = [.. Enumerable.Range(0, candidates.Length).Where(i => owners[i] != 0)];
        int[] classes = new int[positives.Length];
        for (int i = 0; i < positives.Length; i++)
        {
            classes[i] = labels[owners[positives[i]] - 1];
        }

        return new AnchorAssignment(
            Array.ConvertAll(positives, i => candidates[i]),
            Array.ConvertAll(positives, i => owners[i] - 1),
            classes,
            Array.ConvertAll(positives, i => overlaps[owners[i] - 1][i]));
    }
}
