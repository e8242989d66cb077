namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>Combines the statistics of a batch norm over processes.</summary>
internal static class NormMoments
{
    /// <summary>Returns mean, biased variance and number of values per channel over all processes.</summary>
    /// <param name="mean">This process's means.</param>
    /// <param name="variance">This process's biased variances.</param>
    /// <param name="count">This process's number of values per channel.</param>
    /// <param name="sum">Sums over the processes.</param>
    public static (float[] Mean, float[] Variance, double Count) Combine(double[] mean, double[] variance, double count, SumOverRanks sum)
    {
        int channels = mean.Length;
        double[] moments = new double[(2 * channels) + 1];
        for (int c = 0; c < channels; c++)
        {
            moments[c] = count * mean[c];
            moments[channels + c] = count * (variance[c] + (mean[c] * mean[c])); // float64: the mean's square cancels without loss
        }

        moments[^1] = count;
        sum(moments);
        double total = moments[^1];
        float[] means = new float[channels];
        float[] variances = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double center = moments[c] / total;
            double spread = (moments[channels + c] / total) - (center * center);
            means[c] = (float)center;
            variances[c] = (float)(spread < 0 ? 0 : spread); // NaN stays NaN
        }

        return (means, variances, total);
    }
}
