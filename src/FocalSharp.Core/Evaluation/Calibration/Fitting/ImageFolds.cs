namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>Divides images at random. Detections of one image are never divided, since they are not independent.</summary>
internal static class ImageFolds
{
    /// <summary>The number of folds of cross-validation (Breiman and Spector 1992 recommend 5 to 10).</summary>
    public const int Count = 5;

    /// <summary>Returns the indices from 0 in random order, the same for the same seed on every machine.</summary>
    public static int[] Shuffle(int count, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        ulong state = SplitMix64.Mix(seed + SplitMix64.Increment);
        for (int i = count - 1; i > 0; i--)
        {
            state += SplitMix64.Increment;
            int j = (int)(SplitMix64.Mix(state) % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>Returns the fold of each image, 0 to <see cref="Count"/> − 1.</summary>
    public static int[] Assign(int images, ulong seed)
    {
        int[] folds = new int[images];
        int[] order = Shuffle(images, seed);
        for (int i = 0; i < images; i++)
        {
            folds[order[i]] = i % Count;
        }

        return folds;
    }
}
