using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// Settings of NanoDet-Plus's Ghost-PAN: path aggregation by concatenation and ghost blocks (arXiv 1911.11907), and an extra
/// level from depthwise convolutions. The defaults are NanoDet-Plus-m's.
/// </summary>
internal sealed record GhostPanOptions : NeckOptions
{
    /// <summary>Initializes the settings of NanoDet-Plus-m: 96 channels, four levels, all feature maps used.</summary>
    public GhostPanOptions()
    {
        Channels = 96;
        StartLevel = 0;
        Levels = 4;
    }

    /// <inheritdoc/>
    public override string Kind => "ghostPan";

    /// <summary>Gets the size of the depthwise kernels between levels and in the shortcuts, an odd number (official: 5).</summary>
    public int Kernel { get; init; } = 5;

    /// <summary>Gets the normalization after each convolution: batch (official) or none (weights with folded batch norm).</summary>
    public NormKind Norm { get; init; } = NormKind.Batch;

    /// <summary>Gets the slope of the activations below 0 (official: 0.1; 0 is ReLU).</summary>
    public double NegativeSlope { get; init; } = 0.1;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionGuard.Require(Channels % 2 == 0, nameof(Channels), $"Neck channels is {Channels}; it must be even, since ghost modules halve it (official: 96).");
        OptionGuard.Require(Kernel is >= 1 and <= 15 && Kernel % 2 == 1, nameof(Kernel), $"Neck kernel is {Kernel}; it must be an odd number up to 15 (official: 5).");
        OptionGuard.Require(Norm != NormKind.Group, nameof(Norm), "Neck norm must be none or batch for a Ghost-PAN.");
        OptionGuard.Require(
            NegativeSlope is >= 0 and < 1, nameof(NegativeSlope), $"Neck negativeSlope is {NegativeSlope}; it must be 0 (ReLU) to below 1 (official: 0.1).");
    }
}
