using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// Settings of EfficientNet-Lite (arXiv 1905.11946 without squeeze-and-excitation and with ReLU6) as NanoDet uses it, without its last
/// convolution and classifier. The defaults are EfficientNet-Lite0's.
/// </summary>
internal sealed record EfficientNetLiteOptions : BackboneOptions
{
    /// <summary>The stages: number of blocks at depth 1, kernel, stride, expansion factor, channels at width 1.</summary>
    public static readonly (int Blocks, int Kernel, int Stride, int Expansion, int Channels)[] Stages =
    [
        (1, 3, 1, 1, 16),
        (2, 3, 2, 6, 24),
        (2, 5, 2, 6, 40),
        (3, 3, 2, 6, 80),
        (3, 5, 1, 6, 112),
        (4, 5, 2, 6, 192),
        (1, 3, 1, 6, 320),
    ];

    /// <summary>The stages whose outputs, at strides 8, 16 and 32, are the feature maps.</summary>
    public static readonly int[] FeatureStages = [2, 4, 6];

    /// <summary>Channels of the stem, which is not widened.</summary>
    public const int StemChannels = 32;

    private const int Divisor = 8;

    /// <summary>Width and depth of the variants 0 to 4.</summary>
    private static readonly (double Width, double Depth)[] Variants = [(1, 1), (1, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8)];

    /// <inheritdoc/>
    public override string Kind => "efficientnetlite";

    /// <summary>Gets the number of variants.</summary>
    internal static int VariantCount => Variants.Length;

    /// <summary>Gets the variant: 0 (EfficientNet-Lite0) to 4.</summary>
    public int Variant { get; init; }

    /// <summary>Gets the normalization after each convolution: batch (official) or none (weights with folded batch norm).</summary>
    public NormKind Norm { get; init; } = NormKind.Batch;

    /// <summary>
    /// Gets the rate of drop connect in training (official: 0.2): the i-th block, counted from 0, is left out for an image with
    /// probability rate · i / 7 where it has a shortcut. 0 switches it off.
    /// </summary>
    public double DropConnect { get; init; } = 0.2;

    /// <summary>Gets the number of stages without gradient, counted from the stem: −1 none (default), 0 the stem, up to 7.</summary>
    public int FrozenStages { get; init; } = -1;

    /// <summary>Gets whether batch norms use their running statistics in training too (default: false).</summary>
    public bool FrozenBatchNorm { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        OptionGuard.Require(
            Variant >= 0 && Variant < Variants.Length, nameof(Variant), $"Backbone variant is {Variant}; it must be 0 to {Variants.Length - 1} for an EfficientNet-Lite.");
        OptionGuard.Require(Norm != NormKind.Group, nameof(Norm), "Backbone norm must be none or batch for an EfficientNet-Lite.");
        OptionGuard.Require(
            DropConnect is >= 0 and < 0.25, nameof(DropConnect), $"Backbone dropConnect is {DropConnect}; it must be 0 (off) to below 0.25 (official: 0.2).");
        OptionGuard.Require(
            FrozenStages >= -1 && FrozenStages <= Stages.Length,
            nameof(FrozenStages),
            $"Backbone frozenStages is {FrozenStages}; it must be -1 (none) to {Stages.Length} (all).");
    }

    /// <summary>Returns the output channels of each stage: multiples of 8.</summary>
    public int[] GetStageChannels() => [.. Stages.Select(stage => MobileWidth.Round(stage.Channels * Variants[Variant].Width, Divisor))];

    /// <summary>Returns the number of blocks of each stage; the first and the last are not deepened.</summary>
    public int[] GetStageBlocks() => [.. Stages.Select((stage, i) =>
        i == 0 || i == Stages.Length - 1 ? stage.Blocks : (int)Math.Ceiling(stage.Blocks * Variants[Variant].Depth))];
}
