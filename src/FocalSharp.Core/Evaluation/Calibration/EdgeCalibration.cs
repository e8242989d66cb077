namespace FocalSharp.Evaluation.Calibration;

/// <summary>Whether the predicted deviations σ of edges mean what is really missed.</summary>
public sealed record EdgeCalibration
{
    /// <summary>Number of bins of like deviation.</summary>
    public const int BinCount = 10;

    /// <summary>Share of a normal distribution within one standard deviation: erf(1/√2).</summary>
    public const double NormalCoverageOneSigma = 0.682689492137086;

    /// <summary>Share of a normal distribution within two standard deviations: erf(√2).</summary>
    public const double NormalCoverageTwoSigma = 0.954499736103642;

    /// <summary>Number of edges of found objects.</summary>
    public required int Count { get; init; }

    /// <summary>Spearman's ρ of σ and real error; NaN where undefined.</summary>
    public required double SpearmanWithError { get; init; }

    /// <summary>Spearman's ρ of σ and drawn blur; NaN where no blur is known.</summary>
    public required double SpearmanWithBlur { get; init; }

    /// <summary>Share of edges whose error is at most σ; NaN without edges.</summary>
    public required double CoverageOneSigma { get; init; }

    /// <summary>Share of edges whose error is at most 2 σ; NaN without edges.</summary>
    public required double CoverageTwoSigma { get; init; }

    /// <summary>Mean σ in pixels; NaN without edges.</summary>
    public required double MeanDeviation { get; init; }

    /// <summary>Mean error in pixels; NaN without edges.</summary>
    public required double MeanError { get; init; }

    /// <summary>
    /// <c>√(Σ error² / Σ σ²)</c>: the factor by which σ should be multiplied to be right on the whole. Above 1 the detector is too
    /// sure of its edges, below 1 too careful. NaN without edges.
    /// </summary>
    public required double ErrorOverDeviation { get; init; }

    /// <summary>Edges in order of σ, in parts of equal number.</summary>
    public required IReadOnlyList<DeviationBin> Bins { get; init; }

    /// <summary>Sums observed edges up.</summary>
    public static EdgeCalibration Compute(IReadOnlyList<EdgeObservation> edges) => new()
    {
        Count = edges.Count,
        SpearmanWithError = EdgeUncertainty.SpearmanWithError(edges),
        SpearmanWithBlur = EdgeUncertainty.SpearmanWithBlur(edges),
        CoverageOneSigma = Mean(edges, edge => edge.Error <= edge.Deviation ? 1 : 0),
        CoverageTwoSigma = Mean(edges, edge => edge.Error <= 2 * edge.Deviation ? 1 : 0),
        MeanDeviation = Mean(edges, edge => edge.Deviation),
        MeanError = Mean(edges, edge => edge.Error),
        ErrorOverDeviation = Math.Sqrt(Mean(edges, edge => edge.Error * edge.Error) / Mean(edges, edge => edge.Deviation * edge.Deviation)),
        Bins = [.. SplitIntoBins([.. edges.OrderBy(edge => edge.Deviation)]).Select(part => new DeviationBin(
            part.Length, Mean(part, edge => edge.Deviation), Mean(part, edge => edge.Error), Math.Sqrt(Mean(part, edge => edge.Error * edge.Error))))],
    };

    // Parts differ by one edge at most; few edges make fewer parts rather than empty ones.
    private static IEnumerable<EdgeObservation[]> SplitIntoBins(EdgeObservation[] ordered)
    {
        int parts = Math.Min(BinCount, ordered.Length);
        for (int i = 0; i < parts; i++)
        {
            yield return ordered[(int)((long)i * ordered.Length / parts)..(int)((i + 1L) * ordered.Length / parts)];
        }
    }

    private static double Mean(IReadOnlyList<EdgeObservation> edges, Func<EdgeObservation, double> value) =>
        edges.Count > 0 ? edges.Average(value) : double.NaN;
}
