namespace FocalSharp.Evaluation.Bootstrap;

/// <summary>A percentile interval.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>Returns the interval of resampled values between the quantiles (1 − level) / 2 and (1 + level) / 2; null without values.</summary>
    public static ConfidenceInterval? FromSamples(IEnumerable<double> samples, double level)
    {
        double[] sorted = [.. samples.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length == 0 ? null : new(Quantile(sorted, (1 - level) / 2), Quantile(sorted, (1 + level) / 2));
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
