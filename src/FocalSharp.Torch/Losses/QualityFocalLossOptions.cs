namespace FocalSharp.Torch.Losses;

/// <summary>Settings of <see cref="QualityFocalLoss"/>, the paper's and official classification loss.</summary>
public sealed record QualityFocalLossOptions : ClassificationLossOptions
{
    /// <inheritdoc/>
    public override string Kind => "qualityFocal";

    /// <summary>
    /// Gets the exponent β of the modulating factor (paper and official configs: 2; AP 37.6, 39.0, 39.9, 39.7, 38.2 for β = 0, 1,
    /// 2, 2.5, 4).
    /// </summary>
    public double Beta { get; init; } = 2;

    /// <inheritdoc/>
    public override void Validate() =>
        OptionGuard.Require(Beta is >= 0 and <= 10, nameof(Beta), $"Classification loss beta is {Beta}; it must be 0 to 10 (official: 2).");
}
