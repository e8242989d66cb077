namespace FocalSharp.Torch.Backbones;

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

    /// <summary>True: batch norms always use their running statistics, in training too (official; needs pretrained weights).</summary>
    public bool FrozenBatchNorm { get; init; } = true;

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="UserErrorException">One is.</exception>
    internal void Validate()
    {
        _ = Csp is null ? ResNetArchitecture.Of(Depth) : null;
        Csp?.Validate(BaseChannels);
        if (BaseChannels is < 1 or > 1024)
        {
            throw new UserErrorException($"backbone base channels {BaseChannels} must lie within 1 to 1024; published ResNets have 64");
        }

        if (FrozenStages is < -1 or > 4)
        {
            throw new UserErrorException($"backbone frozen stages {FrozenStages} must lie within -1 (none) to 4 (all)");
        }
    }
}
