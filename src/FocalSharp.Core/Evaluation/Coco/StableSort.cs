namespace FocalSharp.Evaluation.Coco;

/// <summary>The two stable sorts of the COCO evaluation, in linear and near-linear time.</summary>
internal static class StableSort
{
    /// <summary>
    /// Reorders indices by an integer key below <paramref name="keyCount"/>; equal keys retain their order (counting sort).
    /// </summary>
    public static int[] SortByKey(int[] indices, int[] keyOf, int keyCount)
    {
        int[] next = new int[keyCount + 1];
        foreach (int index in indices)
        {
            next[keyOf[index] + 1]++;
        }

        for (int key = 0; key < keyCount; key++)
        {
            next[key + 1] += next[key];
        }

        int[] ordered = new int[indices.Length];
        foreach (int index in indices)
        {
            ordered[next[keyOf[index]]++] = index;
        }

        return ordered;
    }

    /// <summary>
    /// Sorts keys in ascending order together with their items; items of equal keys are ascending, which is their order if items were
    /// ascending before. To sort by descending score, negate the scores.
    /// </summary>
    public static void Sort(Span<double> keys, Span<int> items)
    {
        keys.Sort(items);
        for (int start = 0; start < keys.Length;)
        {
            int end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                items[start..end].Sort();
            }

            start = end;
        }
    }
}
