using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>Settings of the feature extractor: a ResNet in torchvision's ("pytorch") style, or a light CSP net.</summary>
public sealed record BackboneOptions
{
    /// <summary>A light CSP net (NanoDet-g's) in place of the ResNet, or null.</summary>
    public CspOptions? Csp { get; init; }

    /// <summary>Of a ResNet: 18, 34, 50, 101 or 152 (official: 50).</summary>
    public int Depth { get; init; } = 50;

    /// <summary>
    /// Channels of the stem and of the first stage's blocks; 64 in every published ResNet, less for light nets, 32 in NanoDet-g.
    /// </summary>
    public int BaseChannels { get; init; } = 64;

    /// <summary>
    /// Stages without gradient, from the stem on: −1 none, 0 the stem, 1 the stem and layer1 (official), up to 4.
    /// </summary>
    public int FrozenStages { get; init; } = 1;

    /// <summary>
    /// Of a ResNet: the normalisation after each convolution (official: batch). Group norms see one image at a time: batches may be small, and
    /// nothing has to be frozen or synchronised (arXiv 1803.08494).
    /// </summary>
    public NormKind Norm { get; init; } = NormKind.Batch;

    /// <summary>Most groups of a group norm (its paper: 32); of a thin layer as many as divide its channels.</summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>True: batch norms always use their running statistics, in training too (official; needs pretrained weights).</summary>
    public bool FrozenBatchNorm { get; init; } = true;

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate()
    {
        _ = Csp is null ? ResNetArchitecture.FromDepth(Depth) : null;
        Csp?.Validate(BaseChannels);
        if (BaseChannels is < 1 or > 1024)
        {
            throw new FocalSharpException($"backbone base channels {BaseChannels} must lie within 1 to 1024; published ResNets have 64");
        }

        if (Csp is null && (Norm == NormKind.None || (Norm == NormKind.Group && FrozenBatchNorm)))
        {
            throw new FocalSharpException(Norm == NormKind.None
                ? "backbone norm must be batch or group: a ResNet without one does not train"
                : "backbone norm group leaves no batch norm to freeze; set model.backbone.frozenBatchNorm: false with it");
        }

        if (NormGroups is < 1 or > 1024)
        {
            throw new FocalSharpException($"backbone norm groups {NormGroups} must lie within 1 to 1024; the paper's are 32");
        }

        if (FrozenStages is < -1 or > 4)
        {
            throw new FocalSharpException($"backbone frozen stages {FrozenStages} must lie within -1 (none) to 4 (all)");
        }
    }

    /// <summary>The norm behind a convolution of so many channels.</summary>
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
