namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// Settings of a backbone. The kinds are <see cref="ResNetOptions"/>, <see cref="CspNetOptions"/>,
/// <see cref="ShuffleNetV2Options"/>, <see cref="EfficientNetLiteOptions"/>, <see cref="RepVggOptions"/>, and those that a program adds with <see cref="Backbones.Register"/>.
/// </summary>
public abstract record BackboneOptions
{
    /// <summary>Gets the name of the backbone in recipes and model files, for example <c>resnet</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public virtual void Validate()
    {
    }
}
