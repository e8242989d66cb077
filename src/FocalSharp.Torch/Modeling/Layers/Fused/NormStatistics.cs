using FocalSharp.Torch.Native;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>Mean and 1/σ per segment and channel, <c>[segments · channels]</c>; the channels of a group have the same.</summary>
/// <param name="Mean">Means.</param>
/// <param name="InverseStd">Reciprocal standard deviations.</param>
/// <param name="Variance">Biased variances.</param>
/// <param name="GroupSize">Number of channels in a group; 1 for batch norm.</param>
internal sealed record NormStatistics(float[] Mean, float[] InverseStd, float[] Variance, int GroupSize)
{
    /// <summary>Gets the number of values that a mean was computed from.</summary>
    public double Count { get; private init; }

    /// <summary>Computes the statistics of a map.</summary>
    /// <param name="x">The map.</param>
    /// <param name="parts">Its rows.</param>
    /// <param name="group">Number of channels in a group.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="sum">Sums over processes that compute the statistics of a batch norm together; null for one process.</param>
    public static NormStatistics Compute<TRows, TLanes>(TRows x, RowPartition parts, int group, double epsilon, SumOverRanks? sum = null)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        int channels = parts.Channels;
        float[] pivot = new float[channels]; // the first pixel; avoids cancellation in the squares for values far from 0
        for (int c = 0; c < channels; c += TLanes.Count)
        {
            x.Load(c).Store(ref pivot[c]);
            for (int k = c; k < c + TLanes.Count; k++)
            {
                pivot[k] = float.IsFinite(pivot[k]) ? pivot[k] : 0;
            }
        }

        double[] sums = new double[parts.Count * channels];
        double[] squares = new double[parts.Count * channels];
        parts.Run((part, _, first, end) => ChannelSums.Moments<TRows, TLanes>(
            x, first, end, channels, pivot, sums.AsSpan(part * channels, channels), squares.AsSpan(part * channels, channels)));
        if (sum is not null)
        {
            return Combine(parts, pivot, sums, squares, epsilon, sum);
        }

        NormStatistics result = new(new float[parts.Segments * channels], new float[parts.Segments * channels], new float[parts.Segments * channels], group)
        {
            Count = (double)parts.Rows * group,
        };
        for (int segment = 0; segment < parts.Segments; segment++)
        {
            for (int c = 0; c < channels; c += group)
            {
                result.Set(parts, segment, c, pivot, sums, squares, epsilon);
            }
        }

        return result;
    }

    private static NormStatistics Combine(RowPartition parts, float[] pivot, double[] sums, double[] squares, double epsilon, SumOverRanks sum)
    {
        double[] means = new double[parts.Channels];
        double[] variances = new double[parts.Channels];
        for (int c = 0; c < parts.Channels; c++)
        {
            means[c] = pivot[c] + (Total(sums, parts, 0, c) / parts.Rows);
            variances[c] = ChannelVariance(sums, squares, parts, 0, c);
        }

        (float[] mean, float[] variance, double count) = NormMoments.Combine(means, variances, parts.Rows, sum);
        return new NormStatistics(mean, Array.ConvertAll(variance, value => (float)(1 / Math.Sqrt(value + epsilon))), variance, 1) { Count = count };
    }

    private void Set(RowPartition parts, int segment, int from, float[] pivot, double[] sums, double[] squares, double epsilon)
    {
        double count = (double)parts.Rows * GroupSize;
        (double mean, double second) = (0, 0);
        for (int c = from; c < from + GroupSize; c++)
        {
            (double sum, double square) = (Total(sums, parts, segment, c), Total(squares, parts, segment, c));
            mean += sum + (parts.Rows * (double)pivot[c]);
            second += square + (2 * pivot[c] * sum) + (parts.Rows * (double)pivot[c] * pivot[c]);
        }

        mean /= count;
        double variance = GroupSize == 1
            ? ChannelVariance(sums, squares, parts, segment, from)
            : Math.Max(0, (second / count) - (mean * mean));
        for (int c = from; c < from + GroupSize; c++)
        {
            int at = (segment * parts.Channels) + c;
            Mean[at] = (float)mean;
            Variance[at] = (float)variance;
            InverseStd[at] = (float)(1 / Math.Sqrt(variance + epsilon));
        }
    }

    private static double ChannelVariance(double[] sums, double[] squares, RowPartition parts, int segment, int channel)
    {
        double shifted = Total(sums, parts, segment, channel) / parts.Rows;
        double variance = (Total(squares, parts, segment, channel) / parts.Rows) - (shifted * shifted);
        return variance < 0 ? 0 : variance; // NaN stays NaN
    }

    /// <summary>Computes a channel's sum over the parts of a segment.</summary>
    public static double Total(double[] sums, RowPartition parts, int segment, int channel)
    {
        double total = 0;
        for (int part = segment * parts.PartsPerSegment; part < (segment + 1) * parts.PartsPerSegment; part++)
        {
            total += sums[(part * parts.Channels) + channel];
        }

        return total;
    }
}
