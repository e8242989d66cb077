namespace FocalSharp.Torch.Losses;

/// <summary>Settings of <see cref="VarifocalLoss"/>.</summary>
public sealed record VarifocalLossOptions : ClassificationLossOptions
{
    /// <inheritdoc/>
    public override string Kind => "varifocal";

    /// <summary>Gets the weight of negatives (arXiv 2008.13367 and official: 0.75).</summary>
    public double Alpha { get; init; } = 0.75;

    /// <summary>Gets the exponent for negatives: 0, or 1 to 10 (arXiv 2008.13367 and official: 2).</summary>
    public double Gamma { get; init; } = 2;

    /// <inheritdoc/>
    public override void Validate()
    {
        OptionGuard.Require(Alpha is > 0 and <= 10, nameof(Alpha), $"Classification loss alpha is {Alpha}; it must be above 0 and at most 10 (official: 0.75).");
        OptionGuard.Require(
            Gamma is 0 or (>= 1 and <= 10),
            nameof(Gamma),
            $"Classification loss gamma is {Gamma}; it must be 0 or 1 to 10 (official: 2); between 0 and 1 the gradient is unbounded.");
    }
}
