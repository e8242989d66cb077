namespace FocalSharp.Torch.Losses;

/// <summary>Settings of <see cref="FocalLoss"/> with a target of 1 at positives, the paper's baseline.</summary>
public sealed record FocalLossOptions : ClassificationLossOptions
{
    /// <inheritdoc/>
    public override string Kind => "focal";

    /// <summary>Gets the weight of positives; negatives have 1 − α (arXiv 1708.02002 and RetinaNet's configs: 0.25).</summary>
    public double Alpha { get; init; } = 0.25;

    /// <summary>Gets the focusing exponent: 0, or 1 to 10 (arXiv 1708.02002 and RetinaNet's configs: 2).</summary>
    public double Gamma { get; init; } = 2;

    /// <inheritdoc/>
    public override void Validate()
    {
        OptionGuard.Require(Alpha is > 0 and < 1, nameof(Alpha), $"Classification loss alpha is {Alpha}; it must be between 0 and 1 (usual: 0.25).");
        OptionGuard.Require(
            Gamma is 0 or (>= 1 and <= 10),
            nameof(Gamma),
            $"Classification loss gamma is {Gamma}; it must be 0 or 1 to 10 (usual: 2); between 0 and 1 the gradient is unbounded.");
    }
}
