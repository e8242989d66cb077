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
        _ = ResNetArchitecture.FromDepth(Depth);
        OptionGuard.Require(
            BaseChannels is >= 1 and <= 1024, nameof(BaseChannels), $"Backbone baseChannels is {BaseChannels}; it must be 1 to 1024 (published ResNets: 64).");
        OptionGuard.Require(Norm != NormKind.None, nameof(Norm), "Backbone norm must be batch or group: a ResNet without normalization does not train.");
        OptionGuard.Require(
            Norm != NormKind.Group || !FrozenBatchNorm,
            nameof(FrozenBatchNorm),
            "Backbone frozenBatchNorm needs batch norms, but norm is group; set frozenBatchNorm: false.");
        OptionGuard.Require(NormGroups is >= 1 and <= 1024, nameof(NormGroups), $"Backbone normGroups is {NormGroups}; it must be 1 to 1024 (usual: 32).");
        OptionGuard.Require(FrozenStages is >= -1 and <= 4, nameof(FrozenStages), $"Backbone frozenStages is {FrozenStages}; it must be -1 (none) to 4 (all).");
    }

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
