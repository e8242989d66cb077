using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// Settings of ESNet, the backbone of PicoDet's first generation (PaddleDetection, 2021.10). The defaults are those of PicoDet-S,
/// with batch norms.
/// </summary>
internal sealed record EsNetOptions : BackboneOptions
{
    /// <summary>Channels of the stem, at every scale.</summary>
    public const int StemChannels = 24;

    /// <summary>The number of the first stage in names.</summary>
    public const int FirstStage = 2;

    /// <summary>Blocks in each of the three stages, at every scale.</summary>
    public static readonly int[] Blocks = [3, 7, 3];

    /// <summary>The ratios of PicoDet-M and PicoDet-L.</summary>
    public static readonly double[] WideRatios = [0.875, 0.5, 1, 0.625, 0.5, 0.75, 0.625, 0.625, 0.5, 0.625, 1, 0.625, 0.75];

    /// <summary>The ratios of PicoDet-S.</summary>
    public static readonly double[] NarrowRatios = [0.875, 0.5, 0.5, 0.5, 0.625, 0.5, 0.625, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];

    private const int BaseChannels = 128;

    /// <inheritdoc/>
    public override string Kind => "esnet";

    /// <summary>Gets the factor of the channels (PicoDet-S: 0.75, M: 1, L: 1.25).</summary>
    public double Scale { get; init; } = 0.75;

    /// <summary>Gets the width inside each of the 13 blocks, relative to its output (PicoDet-S: 0.875, 0.5, …).</summary>
    public IReadOnlyList<double> Ratios { get; init; } = NarrowRatios;

    /// <summary>Gets the normalization after each convolution: batch, or none (weights with folded batch norm).</summary>
    public NormKind Norm { get; init; } = NormKind.Batch;

    /// <summary>
    /// Gets the number of stages without gradient, counted from the stem: −1 none (default), 0 the stem, up to 3.
    /// </summary>
    public int FrozenStages { get; init; } = -1;

    /// <summary>Gets whether batch norms use their running statistics in training too (default: false).</summary>
    public bool FrozenBatchNorm { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        OptionGuard.Require(Scale is >= 0.25 and <= 4, nameof(Scale), $"Backbone scale is {Scale}; it must be 0.25 to 4 (PicoDet-S: 0.75).");
        OptionGuard.Require(
            Ratios.Count == Blocks.Sum() && Ratios.All(ratio => ratio is >= 0.125 and <= 4),
            nameof(Ratios),
            $"Backbone ratios are {string.Join(", ", Ratios)}; give 13 numbers from 0.125 to 4, one for each block.");
        OptionGuard.Require(Norm != NormKind.Group, nameof(Norm), "Backbone norm must be none or batch for ESNet.");
        OptionGuard.Require(FrozenStages is >= -1 and <= 3, nameof(FrozenStages), $"Backbone frozenStages is {FrozenStages}; it must be -1 (none) to 3 (all).");
    }

    /// <summary>Returns the output channels of each stage.</summary>
    public int[] GetStageChannels() => [.. Blocks.Select((_, stage) => MobileWidth.Round((BaseChannels << stage) * Scale, 16))];

    /// <summary>Returns the channels inside each block, stage by stage.</summary>
    public int[] GetInnerChannels()
    {
        int[] outputs = [.. Blocks.Zip(GetStageChannels(), (blocks, channels) => Enumerable.Repeat(channels, blocks)).SelectMany(stage => stage)];
        return [.. outputs.Zip(Ratios, (channels, ratio) => MobileWidth.Round((int)(channels * ratio), 8))];
    }
}
