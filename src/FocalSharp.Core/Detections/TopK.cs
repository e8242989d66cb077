namespace FocalSharp.Detections;

/// <summary>Selects the lowest keys, in order, without sorting the rest.</summary>
internal static class TopK
{
    /// <summary>Rearranges the keys and returns the <paramref name="max"/> lowest, ascending. Keys must be distinct.</summary>
    public static Span<ulong> Select(Span<ulong> keys, int max)
    {
        if (keys.Length > max)
        {
            Partition(keys, max);
            keys = keys[..max];
        }

        keys.Sort();
        return keys;
    }

    /// <summary>Moves the <paramref name="wanted"/> lowest keys to the front, in no particular order.</summary>
    public static void Partition(Span<ulong> keys, int wanted)
    {
        // Quickselect with the median of three as pivot; three-way partitioning is unnecessary because keys are distinct.
        int low = 0;
        int high = keys.Length - 1;
        while (low < high)
        {
            ulong pivot = Median(keys[low], keys[low + ((high - low) / 2)], keys[high]);
            int i = low;
            int j = high;
            while (i <= j)
            {
                while (keys[i] < pivot)
                {
                    i++;
                }

                while (keys[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                    i++;
                    j--;
                }
            }

            if (wanted <= j)
            {
                high = j;
            }
            else if (wanted >= i)
            {
                low = i;
            }
            else
            {
                return;
            }
        }
    }

    private static ulong Median(ulong a, ulong b, ulong c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
