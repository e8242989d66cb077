using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// Settings of PP-LCNet (arXiv 2109.15099), the backbone of PicoDet's second generation (PaddleDetection, 2022.03). The defaults are
/// those of PicoDet-S, with batch norms.
/// </summary>
internal sealed record LcNetOptions : BackboneOptions
{
    /// <summary>The blocks of each group: kernel, channels at scale 1, stride, squeeze-and-excitation.</summary>
    public static readonly (int Kernel, int Channels, int Stride, bool SqueezeExcite)[][] Groups =
    [
        [(3, 32, 1, false)],
        [(3, 64, 2, false), (3, 64, 1, false)],
        [(3, 128, 2, false), (3, 128, 1, false)],
        [(3, 256, 2, false), (5, 256, 1, false), (5, 256, 1, false), (5, 256, 1, false), (5, 256, 1, false), (5, 256, 1, false)],
        [(5, 512, 2, true), (5, 512, 1, true)],
    ];

    private const int StemBaseChannels = 16;
    private const int Divisor = 8;

    /// <inheritdoc/>
    public override string Kind => "lcnet";

    /// <summary>Gets the factor of the channels (PicoDet-XS: 0.35, S: 0.75, M: 1.5, L: 2).</summary>
    public double Scale { get; init; } = 0.75;

    /// <summary>Gets the normalization after each convolution: batch, or none (weights with folded batch norm).</summary>
    public NormKind Norm { get; init; } = NormKind.Batch;

    /// <summary>
    /// Gets the number of groups of blocks without gradient, counted from the stem: −1 none (default), 0 the stem, up to 5.
    /// </summary>
    public int FrozenStages { get; init; } = -1;

    /// <summary>Gets whether batch norms use their running statistics in training too (default: false).</summary>
    public bool FrozenBatchNorm { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        OptionGuard.Require(Scale is >= 0.25 and <= 4, nameof(Scale), $"Backbone scale is {Scale}; it must be 0.25 to 4 (PicoDet-S: 0.75).");
        OptionGuard.Require(Norm != NormKind.Group, nameof(Norm), "Backbone norm must be none or batch for LCNet.");
        OptionGuard.Require(
            FrozenStages is >= -1 and <= 5, nameof(FrozenStages), $"Backbone frozenStages is {FrozenStages}; it must be -1 (none) to 5 (all).");
    }

    /// <summary>Returns the channels of the stem.</summary>
    public int GetStemChannels() => MobileWidth.Round(StemBaseChannels * Scale, Divisor);

    /// <summary>Returns the output channels of each group.</summary>
    public int[] GetGroupChannels() => [.. Groups.Select(blocks => MobileWidth.Round(blocks[^1].Channels * Scale, Divisor))];
}
