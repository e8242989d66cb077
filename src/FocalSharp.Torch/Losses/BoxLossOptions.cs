namespace FocalSharp.Torch.Losses;

/// <summary>
/// Settings of a box loss. The kinds are those of <see cref="IouLossOptions"/>, and those that a program adds with
/// <see cref="BoxLosses.Register"/>.
/// </summary>
public abstract record BoxLossOptions
{
    /// <summary>Gets the name of the loss in recipes and model files, for example <c>giou</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public virtual void Validate()
    {
    }
}
