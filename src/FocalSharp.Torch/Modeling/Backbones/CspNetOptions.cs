using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// Settings of NanoDet-g's light cross-stage-partial (CSP) network. The defaults are NanoDet-g's as published, with batch norm
/// folded into the weights.
/// </summary>
public sealed record CspNetOptions : BackboneOptions
{
    /// <inheritdoc/>
    public override string Kind => "cspnet";

    /// <summary>Gets the channels of the stem and of the first stage's blocks (NanoDet-g: 32).</summary>
    public int BaseChannels { get; init; } = 32;

    /// <summary>Gets the number of blocks in each of the four stages (NanoDet-g: 1, 2, 2, 3).</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [1, 2, 2, 3];

    /// <summary>Gets the normalization after each convolution: none (weights with folded batch norm) or batch.</summary>
    public NormKind Norm { get; init; } = NormKind.None;

    /// <summary>Gets the slope of the activations below 0 (NanoDet-g: 0.1; 0 is ReLU).</summary>
    public double NegativeSlope { get; init; } = 0.1;

    /// <summary>
    /// Gets the number of stages without gradient, counted from the stem: −1 none (default), 0 the stem, up to 4.
    /// </summary>
    public int FrozenStages { get; init; } = -1;

    /// <summary>Gets whether batch norms use their running statistics in training too (default: false).</summary>
    public bool FrozenBatchNorm { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        OptionGuard.Require(
            Blocks.Count == 4 && Blocks.All(count => count is >= 1 and <= 32),
            nameof(Blocks),
            $"Backbone blocks are {string.Join(", ", Blocks)}; give four numbers from 1 to 32 (NanoDet-g: 1, 2, 2, 3).");
        OptionGuard.Require(
            BaseChannels is >= 2 and <= 1024 && BaseChannels % 2 == 0,
            nameof(BaseChannels),
            $"Backbone baseChannels is {BaseChannels}; it must be an even number from 2 to 1024, since CSP blocks halve it (NanoDet-g: 32).");
        OptionGuard.Require(
            NegativeSlope is >= 0 and < 1, nameof(NegativeSlope), $"Backbone negativeSlope is {NegativeSlope}; it must be 0 (ReLU) to below 1 (NanoDet-g: 0.1).");
        OptionGuard.Require(Norm != NormKind.Group, nameof(Norm), "Backbone norm must be none or batch for a CSP network.");
        OptionGuard.Require(FrozenStages is >= -1 and <= 4, nameof(FrozenStages), $"Backbone frozenStages is {FrozenStages}; it must be -1 (none) to 4 (all).");
    }
}
