namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// Settings of a Res2Net (arXiv 1904.01169) in its version 1d: a stem of three convolutions, and average pooling in the shortcuts. The defaults are those of the official
/// GFLv2's largest model (implus/GFocalV2, <c>gfocal_r2n101_dcn_fpn_ms2x</c>), but without deformable convolutions.
/// </summary>
internal sealed record Res2NetOptions : BackboneOptions
{
    /// <summary>Channels of the stem and of the first stage's blocks, a quarter of its output.</summary>
    public const int BaseChannels = 64;

    /// <inheritdoc/>
    public override string Kind => "res2net";

    /// <summary>Gets the depth: 50, 101 or 152 (official: 101).</summary>
    public int Depth { get; init; } = 101;

    /// <summary>Gets the number of parts that a block's channels are split into (official: 4).</summary>
    public int Scales { get; init; } = 4;

    /// <summary>Gets the channels of a part in the first stage (official: 26).</summary>
    public int BaseWidth { get; init; } = 26;

    /// <summary>Gets the numbers of the stages, 1 to 4, whose 3x3 convolutions are deformable (GFLv2: 3, 4; default: none).</summary>
    public IReadOnlyList<int> DeformableStages { get; init; } = [];

    /// <summary>Gets the version of the deformable convolutions: 1 predicts offsets (official), 2 a mask too.</summary>
    public int DeformableVersion { get; init; } = 1;

    /// <summary>Gets the number of stages without gradient, counted from the stem: −1 none, 0 the stem, 1 the stem and <c>layer1</c> (official), up to 4.</summary>
    public int FrozenStages { get; init; } = 1;

    /// <summary>Gets whether batch norms use their running statistics in training too (official: true; needs pretrained weights).</summary>
    public bool FrozenBatchNorm { get; init; } = true;

    /// <inheritdoc/>
    public override void Validate()
    {
        OptionGuard.Require(
            ResNetArchitecture.FromDepth(Depth).Bottleneck, nameof(Depth), $"Backbone depth is {Depth}; a Res2Net has bottlenecks: it must be 50, 101 or 152.");
        OptionGuard.Require(Scales is >= 2 and <= 16, nameof(Scales), $"Backbone scales is {Scales}; it must be 2 to 16 (official: 4).");
        OptionGuard.Require(BaseWidth is >= 1 and <= 1024, nameof(BaseWidth), $"Backbone baseWidth is {BaseWidth}; it must be 1 to 1024 (official: 26).");
        OptionGuard.Require(
            DeformableStages.All(stage => stage is >= 1 and <= 4),
            nameof(DeformableStages),
            $"Backbone deformableStages are {string.Join(", ", DeformableStages)}; give numbers from 1 to 4 (GFLv2: 3, 4).");
        OptionGuard.Require(
            DeformableVersion is 1 or 2, nameof(DeformableVersion), $"Backbone deformableVersion is {DeformableVersion}; it must be 1 (offsets) or 2 (offsets and a mask).");
        OptionGuard.Require(FrozenStages is >= -1 and <= 4, nameof(FrozenStages), $"Backbone frozenStages is {FrozenStages}; it must be -1 (none) to 4 (all).");
    }

    /// <inheritdoc/>
    public bool Equals(Res2NetOptions? other) => base.Equals(other) && DeformableStages.SequenceEqual(other.DeformableStages) && Values == other.Values;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), DeformableStages.Count, Values);

    private (int, int, int, int, int, bool) Values => (Depth, Scales, BaseWidth, DeformableVersion, FrozenStages, FrozenBatchNorm);
}
