using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// Settings of a ResNet in torchvision's style (mmdetection: <c>style="pytorch"</c>). The defaults are the official GFL R-50's.
/// </summary>
public sealed record ResNetOptions : BackboneOptions
{
    /// <inheritdoc/>
    public override string Kind => "resnet";

    /// <summary>Gets the depth: 18, 34, 50, 101 or 152 (official: 50).</summary>
    public int Depth { get; init; } = 50;

    /// <summary>
    /// Gets the channels of the stem and of the first stage's blocks (published ResNets: 64; less for light networks).
    /// </summary>
    public int BaseChannels { get; init; } = 64;

    /// <summary>
    /// Gets the number of groups of the bottlenecks' 3x3 convolutions: 1 for a ResNet, 32 or 64 for a ResNeXt (arXiv 1611.05431).
    /// </summary>
    public int Groups { get; init; } = 1;

    /// <summary>Gets the channels of a group in the first stage, if there are several (ResNeXt 32x4d and 64x4d: 4).</summary>
    public int GroupWidth { get; init; } = 4;

    /// <summary>
    /// Gets the numbers of the stages, 1 to 4, whose 3x3 convolutions are deformable, the strided ones included (official: none; GFL's
    /// <c>dconv_c3-c5</c>: 2, 3, 4, <c>c4-c5</c>: 3, 4). Bottlenecks only.
    /// </summary>
    public IReadOnlyList<int> DeformableStages { get; init; } = [];

    /// <summary>
    /// Gets the version of the deformable convolutions: 1 predicts offsets (arXiv 1703.06211; mmdetection's GFL configs), 2 a mask too (arXiv 1811.11168; the paper's
    /// own models).
    /// </summary>
    public int DeformableVersion { get; init; } = 2;

    /// <summary>
    /// Gets the number of stages without gradient, counted from the stem: −1 none, 0 the stem, 1 the stem and <c>layer1</c>
    /// (official), up to 4.
    /// </summary>
    public int FrozenStages { get; init; } = 1;

    /// <summary>
    /// Gets the normalization after each convolution (official: batch). Group norms depend on one image at a time, so that
    /// batches may be small and nothing has to be frozen (arXiv 1803.08494).
    /// </summary>
    public NormKind Norm { get; init; } = NormKind.Batch;

    /// <summary>
    /// Gets the maximum number of groups of a group norm (arXiv 1803.08494: 32); a layer with fewer channels has the largest
    /// smaller number that divides them.
    /// </summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>
    /// Gets whether batch norms use their running statistics in training too (official: true; needs pretrained weights).
    /// </summary>
    public bool FrozenBatchNorm { get; init; } = true;

    /// <inheritdoc/>
    public override void Validate()
    {
        bool bottleneck = ResNetArchitecture.FromDepth(Depth).Bottleneck;
        OptionGuard.Require(
            BaseChannels is >= 1 and <= 1024, nameof(BaseChannels), $"Backbone baseChannels is {BaseChannels}; it must be 1 to 1024 (published ResNets: 64).");
        OptionGuard.Require(Norm != NormKind.None, nameof(Norm), "Backbone norm must be batch or group: a ResNet without normalization does not train.");
        OptionGuard.Require(
            Norm != NormKind.Group || !FrozenBatchNorm,
            nameof(FrozenBatchNorm),
            "Backbone frozenBatchNorm needs batch norms, but norm is group; set frozenBatchNorm: false.");
        OptionGuard.Require(NormGroups is >= 1 and <= 1024, nameof(NormGroups), $"Backbone normGroups is {NormGroups}; it must be 1 to 1024 (usual: 32).");
        OptionGuard.Require(Groups is >= 1 and <= 256, nameof(Groups), $"Backbone groups is {Groups}; it must be 1 (ResNet) to 256 (ResNeXt: 32 or 64).");
        OptionGuard.Require(
            GroupWidth is >= 1 and <= 1024,
            nameof(GroupWidth),
            $"Backbone groupWidth is {GroupWidth}; it must be 1 to 1024 (ResNeXt: 4).");
        OptionGuard.Require(
            DeformableStages.All(stage => stage is >= 1 and <= 4),
            nameof(DeformableStages),
            $"Backbone deformableStages are {string.Join(", ", DeformableStages)}; give numbers from 1 to 4 (official: 2, 3, 4 or 3, 4).");
        OptionGuard.Require(
            DeformableVersion is 1 or 2, nameof(DeformableVersion), $"Backbone deformableVersion is {DeformableVersion}; it must be 1 (offsets) or 2 (offsets and a mask).");
        OptionGuard.Require(
            bottleneck || (Groups == 1 && DeformableStages.Count == 0),
            Groups > 1 ? nameof(Groups) : nameof(DeformableStages),
            $"Backbone groups and deformableStages need bottlenecks, which a ResNet-{Depth} does not have; set depth: 50, 101 or 152.");
        OptionGuard.Require(FrozenStages is >= -1 and <= 4, nameof(FrozenStages), $"Backbone frozenStages is {FrozenStages}; it must be -1 (none) to 4 (all).");
    }

    /// <inheritdoc/>
    public bool Equals(ResNetOptions? other) => base.Equals(other) && DeformableStages.SequenceEqual(other.DeformableStages) && Values == other.Values;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), DeformableStages.Count, Values);

    private (int, int, int, int, int, int, NormKind, int, bool) Values =>
        (Depth, BaseChannels, Groups, GroupWidth, DeformableVersion, FrozenStages, Norm, NormGroups, FrozenBatchNorm);

    /// <summary>Returns the channels inside a bottleneck.</summary>
    /// <param name="stage">Index of the stage, from 0.</param>
    internal int GetInnerChannels(int stage) => (Groups == 1 ? BaseChannels : GroupWidth * Groups) << stage;

    /// <summary>Creates the norm after a convolution with the given number of output channels.</summary>
    internal TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> CreateNorm(long channels)
    {
        int groups = (int)Math.Min(NormGroups, channels);
        while (channels % groups != 0)
        {
            groups--;
        }

        return NormLayer.Create(Norm, channels, groups)!;
    }
}
