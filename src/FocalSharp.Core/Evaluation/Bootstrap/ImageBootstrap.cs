using FocalSharp.Evaluation.Protocols;

namespace FocalSharp.Evaluation.Bootstrap;

/// <summary>
/// The bootstrap over images: AP of sets of as many images, drawn with replacement. Detections are matched once; a resample only weights the images.
/// </summary>
internal static class ImageBootstrap
{
    /// <summary>Computes AP in every resample. Equal seeds draw equal images, so that two detectors can be compared on them.</summary>
    /// <param name="matches">The matches of one detector.</param>
    /// <param name="options">Number of resamples and seed.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public static BootstrapSamples Run(MatchSet matches, BootstrapOptions options, CancellationToken cancellationToken = default)
    {
        int thresholds = matches.IouThresholds.Count;
        WeightedPrecision[] classes = [.. matches.Classes.Select(one => new WeightedPrecision(one, thresholds, matches.Recalls))];
        double[][] byThreshold = [.. Enumerable.Range(0, thresholds).Select(_ => new double[options.Resamples])];
        double[][] byClass = [.. classes.Select(_ => new double[options.Resamples])];
        int bufferLength = classes.Length == 0 ? 0 : classes.Max(one => one.BufferLength);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = cancellationToken };
        Parallel.For(
            0,
            options.Resamples,
            parallel,
            () => (Weights: new int[matches.ImageIds.Count], Buffer: new double[bufferLength], Values: new double[thresholds], Sums: new double[thresholds]),
            (resample, _, space) =>
            {
                Draw(options.Seed, resample, space.Weights);
                Array.Clear(space.Sums);
                int defined = 0;
                for (int k = 0; k < classes.Length; k++)
                {
                    if (!classes[k].TryCompute(space.Weights, space.Buffer, space.Values))
                    {
                        byClass[k][resample] = double.NaN;
                        continue;
                    }

                    defined++;
                    byClass[k][resample] = space.Values.Average();
                    for (int t = 0; t < thresholds; t++)
                    {
                        space.Sums[t] += space.Values[t];
                    }
                }

                for (int t = 0; t < thresholds; t++)
                {
                    byThreshold[t][resample] = space.Sums[t] / defined; // NaN if no class has an object
                }

                return space;
            },
            _ => { });
        return new BootstrapSamples(byThreshold, byClass);
    }

    /// <summary>Draws as many images as there are, with replacement: each weight is how often an image was drawn.</summary>
    public static void Draw(ulong seed, int resample, Span<int> weights)
    {
        weights.Clear();
        ulong state = SplitMix64.Mix(SplitMix64.Mix(seed + SplitMix64.Increment) + (ulong)resample);
        for (int i = 0; i < weights.Length; i++)
        {
            state += SplitMix64.Increment;
            weights[(int)Math.BigMul(SplitMix64.Mix(state), (ulong)weights.Length, out _)]++;
        }
    }
}
