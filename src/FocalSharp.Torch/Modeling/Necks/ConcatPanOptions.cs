using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>Settings of a path aggregation network that concatenates levels, as in PicoDet and NanoDet-Plus.</summary>
internal abstract record ConcatPanOptions : NeckOptions
{
    /// <summary>Initializes the options for three feature maps and one further level.</summary>
    protected ConcatPanOptions() => (Channels, StartLevel, Levels) = (96, 0, 4);

    /// <summary>Gets the size of the depthwise kernels, an odd number (PicoDet and NanoDet-Plus: 5).</summary>
    public int Kernel { get; init; } = 5;

    /// <summary>Gets the normalization after each convolution: batch, or none (weights with folded batch norm).</summary>
    public NormKind Norm { get; init; } = NormKind.Batch;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionGuard.Require(
            Channels % 2 == 0, nameof(Channels), $"Neck channels is {Channels}; it must be even, since blocks halve it (PicoDet-S: 96).");
        OptionGuard.Require(Kernel is >= 1 and <= 15 && Kernel % 2 == 1, nameof(Kernel), $"Neck kernel is {Kernel}; it must be an odd number up to 15 (PicoDet: 5).");
        OptionGuard.Require(Norm != NormKind.Group, nameof(Norm), "Neck norm must be none or batch for a path aggregation network.");
    }
}
