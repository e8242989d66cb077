namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// Settings of RepVGG (arXiv 2101.03697) without its classifier, as NanoDet uses it. The defaults are those of NanoDet-RepVGG-A0.
/// </summary>
internal sealed record RepVggOptions : BackboneOptions
{
    private const int MaxStemChannels = 64;
    private const int MaxChannels = 8192;

    // Layers 2, 4, …, 26 of the grouped variants have groups, counted from the first after the stem.
    private const int LastGroupedLayer = 26;

    private static readonly int[] BaseChannels = [64, 128, 256, 512];
    private static readonly int[] A = [2, 4, 14, 1];
    private static readonly int[] B = [4, 6, 16, 1];

    private static readonly (string Name, int[] Blocks, double Width, double LastWidth, int Groups)[] Variants =
    [
        ("A0", A, 0.75, 2.5, 1),
        ("A1", A, 1, 2.5, 1),
        ("A2", A, 1.5, 2.75, 1),
        ("B0", B, 1, 2.5, 1),
        ("B1", B, 2, 4, 1),
        ("B1g2", B, 2, 4, 2),
        ("B1g4", B, 2, 4, 4),
        ("B2", B, 2.5, 5, 1),
        ("B2g2", B, 2.5, 5, 2),
        ("B2g4", B, 2.5, 5, 4),
        ("B3", B, 3, 5, 1),
        ("B3g2", B, 3, 5, 2),
        ("B3g4", B, 3, 5, 4),
    ];

    /// <summary>Gets the names of the variants.</summary>
    internal static IReadOnlyList<string> VariantNames { get; } = [.. Variants.Select(variant => variant.Name)];

    /// <inheritdoc/>
    public override string Kind => "repvgg";

    /// <summary>Gets the variant: A0 (NanoDet), A1, A2, B0 to B3, or B1 to B3 with g2 or g4 for two or four groups in every second layer.</summary>
    public string Variant { get; init; } = "A0";

    /// <summary>Gets the channels of the last stage (NanoDet: 512); 0 for the variant's own, 1280 to 2560.</summary>
    public int LastChannels { get; init; } = 512;

    /// <summary>
    /// Gets whether each block is one convolution with bias (re-parameterized weights) instead of three branches with batch norm (default:
    /// false). Inference and export re-parameterize by themselves.
    /// </summary>
    public bool Deploy { get; init; }

    /// <summary>Gets the number of stages without gradient, counted from the stem: −1 none (default), 0 the stem, up to 4.</summary>
    public int FrozenStages { get; init; } = -1;

    /// <summary>Gets whether batch norms use their running statistics in training too (default: false).</summary>
    public bool FrozenBatchNorm { get; init; }

    /// <summary>Gets the channels of the stem.</summary>
    internal int StemChannels => Math.Min(MaxStemChannels, GetStageChannels()[0]);

    /// <inheritdoc/>
    public override void Validate()
    {
        OptionGuard.Require(
            VariantNames.Contains(Variant, StringComparer.Ordinal), nameof(Variant), $"Backbone variant is {Variant}; it must be one of {string.Join(", ", VariantNames)} for a RepVGG.");
        OptionGuard.Require(
            LastChannels is >= 0 and <= MaxChannels && LastChannels % Find().Groups == 0,
            nameof(LastChannels),
            $"Backbone lastChannels is {LastChannels}; it must be 0 (the variant's) to {MaxChannels} and a multiple of the variant's groups (NanoDet: 512).");
        OptionGuard.Require(FrozenStages is >= -1 and <= 4, nameof(FrozenStages), $"Backbone frozenStages is {FrozenStages}; it must be -1 (none) to 4 (all).");
    }

    /// <summary>Returns the channels of each of the four stages.</summary>
    public int[] GetStageChannels()
    {
        (_, _, double width, double lastWidth, _) = Find();
        int last = LastChannels > 0 ? LastChannels : (int)(BaseChannels[^1] * lastWidth);
        return [.. BaseChannels[..^1].Select(channels => (int)(channels * width)), last];
    }

    /// <summary>Returns the number of blocks of each of the four stages.</summary>
    public IReadOnlyList<int> GetStageBlocks() => Find().Blocks;

    /// <summary>Returns the number of groups of a layer.</summary>
    /// <param name="layer">Index of the layer; the stem is 0.</param>
    public int GetGroups(int layer) => layer > 0 && layer <= LastGroupedLayer && layer % 2 == 0 ? Find().Groups : 1;

    private (string Name, int[] Blocks, double Width, double LastWidth, int Groups) Find() =>
        Array.Find(Variants, variant => string.Equals(variant.Name, Variant, StringComparison.Ordinal));
}
