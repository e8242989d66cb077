namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>The results of many random halves.</summary>
/// <param name="Levels">The levels of the intervals.</param>
/// <param name="Trials">The results of each half.</param>
internal sealed record CoverageSummary(IReadOnlyList<double> Levels, IReadOnlyList<CoverageTrial> Trials)
{
    /// <summary>The quantile of the normal distribution for the 95 % band of a fraction.</summary>
    private const double BandDeviations = 1.959963984540054;

    /// <summary>Returns the mean of a value over the trials.</summary>
    public double Mean(Func<CoverageTrial, double> value) => Trials.Count == 0 ? double.NaN : Trials.Average(value);

    /// <summary>
    /// Returns half the width of the 95 % band of the coverage of one half: <c>1.96 √(level (1 − level) / n)</c> with n the mean number of
    /// boxes. The four edges of a box are not independent, so that edges count as one observation per box.
    /// </summary>
    public double HalfBand(double level) => BandDeviations * Math.Sqrt(level * (1 - level) / Mean(trial => trial.Boxes));

    /// <summary>Returns the fraction of trials whose coverage is within the band of the level.</summary>
    public double FractionWithinBand(Func<CoverageTrial, double> coverage, double level) =>
        Mean(trial => Math.Abs(coverage(trial) - level) <= BandDeviations * Math.Sqrt(level * (1 - level) / trial.Boxes) ? 1 : 0);
}
