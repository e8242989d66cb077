using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// Settings of a ShuffleNetV2 (arXiv 1807.11164) without its last convolution and classifier. The defaults are NanoDet-Plus-m's.
/// </summary>
internal sealed record ShuffleNetV2Options : BackboneOptions
{
    /// <summary>The widths of the paper with the channels of their three stages.</summary>
    private static readonly (double Width, int[] Channels)[] Widths =
        [(0.5, [48, 96, 192]), (1.0, [116, 232, 464]), (1.5, [176, 352, 704]), (2.0, [244, 488, 976])];

    /// <inheritdoc/>
    public override string Kind => "shufflenetv2";

    /// <summary>Gets the width factor: 0.5, 1 (NanoDet-Plus-m), 1.5 (NanoDet-Plus-m-1.5x) or 2.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Gets the normalization after each convolution: batch (official) or none (weights with folded batch norm).</summary>
    public NormKind Norm { get; init; } = NormKind.Batch;

    /// <summary>Gets the slope of the activations below 0 (NanoDet-Plus: 0.1; 0 is ReLU, the paper's).</summary>
    public double NegativeSlope { get; init; } = 0.1;

    /// <summary>Gets the number of stages without gradient, counted from the stem: −1 none (default), 0 the stem, up to 3.</summary>
    public int FrozenStages { get; init; } = -1;

    /// <summary>Gets whether batch norms use their running statistics in training too (default: false).</summary>
    public bool FrozenBatchNorm { get; init; }

    /// <summary>Gets the channels of the stages at strides 8, 16 and 32.</summary>
    internal IReadOnlyList<int> StageChannels => Array.Find(Widths, entry => entry.Width == Width).Channels;

    /// <summary>Returns the width whose last stage has a number of channels, or null.</summary>
    internal static double? FindWidth(long lastChannels) => Array.Find(Widths, entry => entry.Channels[^1] == lastChannels) is { Channels: not null } found ? found.Width : null;

    /// <inheritdoc/>
    public override void Validate()
    {
        OptionGuard.Require(
            StageChannels is not null, nameof(Width), $"Backbone width is {Width}; it must be {string.Join(", ", Widths.Select(entry => entry.Width))} for a ShuffleNetV2.");
        OptionGuard.Require(
            NegativeSlope is >= 0 and < 1, nameof(NegativeSlope), $"Backbone negativeSlope is {NegativeSlope}; it must be 0 (ReLU) to below 1 (NanoDet-Plus: 0.1).");
        OptionGuard.Require(Norm != NormKind.Group, nameof(Norm), "Backbone norm must be none or batch for a ShuffleNetV2.");
        OptionGuard.Require(FrozenStages is >= -1 and <= 3, nameof(FrozenStages), $"Backbone frozenStages is {FrozenStages}; it must be -1 (none) to 3 (all).");
    }
}
