namespace FocalSharp.Evaluation.Bootstrap;

/// <summary>Options of a bootstrap over images.</summary>
internal sealed record BootstrapOptions
{
    /// <summary>Gets the number of resamples (default 1000, as Efron and Tibshirani 1993, §13.3, advise for percentile intervals).</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>Gets the seed; equal seeds give equal numbers on any machine.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets the confidence level of intervals (default 0.95).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Gets the number of threads; −1 for one per core. The results do not depend on it.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;
}
