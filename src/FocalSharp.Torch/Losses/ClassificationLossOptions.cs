namespace FocalSharp.Torch.Losses;

/// <summary>
/// Settings of a classification loss. The kinds are <see cref="QualityFocalLossOptions"/>, <see cref="FocalLossOptions"/>,
/// <see cref="VarifocalLossOptions"/>, and those that a program adds with <see cref="ClassificationLosses.Register"/>.
/// </summary>
public abstract record ClassificationLossOptions
{
    /// <summary>Gets the name of the loss in recipes and model files, for example <c>qualityFocal</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public virtual void Validate()
    {
    }
}
