namespace FocalSharp.Assignment;

/// <summary>
/// Settings of an <see cref="IAssigner"/>. A custom assigner derives its own record, whose name in recipes and model files is
/// <see cref="Kind"/>.
/// </summary>
public abstract record AssignerOptions
{
    /// <summary>Gets the name of the assigner in recipes and model files, for example <c>atss</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public virtual void Validate()
    {
    }
}
