using FocalSharp.Imaging.Augmentation;

namespace FocalSharp.Training.Data;

/// <summary>The images of each batch of an epoch: a pure function of the seed and the epoch.</summary>
internal static class EpochOrder
{
    /// <summary>
    /// Shuffles the images and splits them into batches. Images of different groups never share a batch (the official code separates
    /// portrait from landscape images to reduce padding).
    /// </summary>
    /// <param name="count">Number of images.</param>
    /// <param name="repeat">How often each image is drawn.</param>
    /// <param name="batchSize">Images per batch; an incomplete last batch is filled from the start of the order.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch from 0.</param>
    /// <param name="groups">The group of each image, or null for one group.</param>
    /// <param name="weights">
    /// The relative frequency of each image, above 0; an image is drawn as often as its share of the sum, rounded down or up. Null draws all
    /// images equally often.
    /// </param>
    public static int[][] CreateBatches(int count, int repeat, int batchSize, int seed, int epoch, IReadOnlyList<int>? groups = null, IReadOnlyList<double>? weights = null)
    {
        AugmentationRandom random = SampleSeeds.ForEpoch(seed, epoch);
        int[] order = new int[count * repeat];
        if (weights is null)
        {
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = i % count;
            }
        }
        else
        {
            FillBySystematicSampling(order, weights, random.NextDouble());
        }

        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        List<int[]> batches = [];
        foreach (IGrouping<int, int> group in order.GroupBy(index => groups?[index] ?? 0).OrderBy(group => group.Key))
        {
            int[] members = [.. group];
            for (int start = 0; start < members.Length; start += batchSize)
            {
                int[] batch = new int[batchSize];
                for (int i = 0; i < batchSize; i++)
                {
                    batch[i] = members[(start + i) % members.Length];
                }

                batches.Add(batch);
            }
        }

        if (groups is not null)
        {
            for (int i = batches.Count - 1; i > 0; i--)
            {
                int j = random.NextInt(i + 1);
                (batches[i], batches[j]) = (batches[j], batches[i]);
            }
        }

        return [.. batches];
    }

    // Systematic sampling: evenly spaced marks over the cumulative weights.
    private static void FillBySystematicSampling(int[] order, IReadOnlyList<double> weights, double start)
    {
        double distance = weights.Sum() / order.Length;
        double end = 0;
        int drawn = 0;
        for (int image = 0; image < weights.Count; image++)
        {
            end += weights[image];
            for (; drawn < order.Length && (start + drawn) * distance < end; drawn++)
            {
                order[drawn] = image;
            }
        }

        order.AsSpan(drawn).Fill(weights.Count - 1); // left over by rounding of the sum
    }
}
