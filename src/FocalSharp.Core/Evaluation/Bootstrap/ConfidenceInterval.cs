namespace FocalSharp.Evaluation.Bootstrap;

/// <summary>
/// A percentile interval around an estimate. Resamples contain images several times, which raises average precision by itself: their values are
/// shifted so that their mean is the estimate.
/// </summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>Returns the interval between the quantiles (1 − level) / 2 and (1 + level) / 2 of the shifted values; null without values.</summary>
    /// <param name="samples">The value of each resample; NaN is skipped.</param>
    /// <param name="estimate">The value of the images themselves.</param>
    /// <param name="level">The confidence level.</param>
    /// <param name="min">The smallest possible value.</param>
    /// <param name="max">The largest possible value.</param>
    public static ConfidenceInterval? FromSamples(IEnumerable<double> samples, double estimate, double level, double min = 0, double max = 1)
    {
        double[] sorted = [.. samples.Where(value => !double.IsNaN(value)).Order()];
        if (sorted.Length == 0)
        {
            return null;
        }

        double shift = estimate - sorted.Average();
        return new(
            Math.Clamp(Quantile(sorted, (1 - level) / 2) + shift, min, max),
            Math.Clamp(Quantile(sorted, (1 + level) / 2) + shift, min, max));
    }

    // Linear between order statistics (type 7 of Hyndman and Fan, NumPy's default).
    private static double Quantile(double[] sorted, double q)
    {
        double at = q * (sorted.Length - 1);
        int low = (int)Math.Floor(at);
        int high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + ((at - low) * (sorted[high] - sorted[low]));
    }
}
