namespace FocalSharp.Detections.Calibration;

/// <summary>The quantile of split-conformal prediction with its finite-sample correction (Vovk et al. 2005; Lei et al. 2018).</summary>
internal static class ConformalQuantile
{
    /// <summary>The confidence of <see cref="RequiredCount"/>.</summary>
    public const double GroupConfidence = 0.95;

    // Guards products such as 19 · 0.95 against being rounded up to the next whole number.
    private const double Tolerance = 1e-9;

    /// <summary>
    /// Returns the rank <c>⌈(n + 1) · level⌉</c>, from 1, of the value that a further exchangeable value does not exceed with probability at least
    /// <paramref name="level"/>; above <paramref name="count"/> if there are too few values.
    /// </summary>
    /// <param name="count">The number of values n.</param>
    /// <param name="level">The probability, between 0 and 1.</param>
    public static int Rank(int count, double level) => (int)Math.Ceiling(((count + 1.0) * level) - Tolerance);

    /// <summary>Returns the value of <see cref="Rank"/>; positive infinity if there are too few values.</summary>
    /// <param name="ascending">The values in ascending order.</param>
    /// <param name="level">The probability, between 0 and 1.</param>
    public static double Compute(ReadOnlySpan<double> ascending, double level)
    {
        int rank = Rank(ascending.Length, level);
        return rank > ascending.Length ? double.PositiveInfinity : ascending[Math.Max(rank, 1) - 1];
    }

    /// <summary>
    /// Returns the number of values from which their largest exceeds the quantile with confidence <see cref="GroupConfidence"/>:
    /// <c>⌈ln(1 − confidence) / ln(level)⌉</c> (Wilks 1941), which is 14, 29 and 59 for the levels 0.8, 0.9 and 0.95. A group with fewer cannot bound its
    /// own quantile.
    /// </summary>
    public static int RequiredCount(double level) => (int)Math.Ceiling((Math.Log(1 - GroupConfidence) / Math.Log(level)) - Tolerance);
}
