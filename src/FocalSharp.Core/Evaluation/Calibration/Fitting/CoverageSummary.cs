namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>The results of many random halves.</summary>
/// <param name="Levels">The levels of the intervals.</param>
/// <param name="Trials">The results of each half.</param>
internal sealed record CoverageSummary(IReadOnlyList<double> Levels, IReadOnlyList<CoverageTrial> Trials)
{
    /// <summary>Returns the mean of a value over the trials.</summary>
    public double Mean(Func<CoverageTrial, double> value) => Trials.Count == 0 ? double.NaN : Trials.Average(value);

    /// <summary>Returns the mean half width of the 95 % band of the coverage of a trial.</summary>
    public double HalfBand(double level) => Mean(trial => trial.HalfBand(level));

    /// <summary>Returns the fraction of trials whose coverage is within the band of the level.</summary>
    public double FractionWithinBand(Func<CoverageTrial, double> coverage, double level) =>
        Mean(trial => Math.Abs(coverage(trial) - level) <= trial.HalfBand(level) ? 1 : 0);
}
