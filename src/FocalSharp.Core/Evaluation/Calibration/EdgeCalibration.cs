namespace FocalSharp.Evaluation.Calibration;

/// <summary>The calibration of the predicted deviations σ of edges against their true errors.</summary>
internal sealed record EdgeCalibration
{
    /// <summary>The number of bins.</summary>
    public const int BinCount = 10;

    /// <summary>The fraction of a normal distribution within one standard deviation: erf(1/√2).</summary>
    public const double NormalCoverageOneSigma = 0.682689492137086;

    /// <summary>The fraction of a normal distribution within two standard deviations: erf(√2).</summary>
    public const double NormalCoverageTwoSigma = 0.954499736103642;

    /// <summary>Gets the number of edges of detected objects.</summary>
    public required int Count { get; init; }

    /// <summary>Gets Spearman's ρ of σ and the true error; NaN if undefined.</summary>
    public required double SpearmanWithError { get; init; }

    /// <summary>Gets Spearman's ρ of σ and the drawn blur; NaN if no blur is known.</summary>
    public required double SpearmanWithBlur { get; init; }

    /// <summary>Gets the fraction of edges whose error is at most σ; NaN without edges.</summary>
    public required double CoverageOneSigma { get; init; }

    /// <summary>Gets the fraction of edges whose error is at most 2 σ; NaN without edges.</summary>
    public required double CoverageTwoSigma { get; init; }

    /// <summary>Gets the mean σ in pixels; NaN without edges.</summary>
    public required double MeanDeviation { get; init; }

    /// <summary>Gets the mean error in pixels; NaN without edges.</summary>
    public required double MeanError { get; init; }

    /// <summary>
    /// Gets <c>√(Σ error² / Σ σ²)</c>, the factor by which σ would have to be multiplied to be correct overall: above 1 the detector is
    /// overconfident, below 1 underconfident. NaN without edges.
    /// </summary>
    public required double ErrorOverDeviation { get; init; }

    /// <summary>Gets the edges in order of σ, in bins of equal count.</summary>
    public required IReadOnlyList<DeviationBin> Bins { get; init; }

    /// <summary>Computes the calibration of observed edges.</summary>
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

    // Bin counts differ by at most one edge; few edges give fewer bins rather than empty ones.
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
