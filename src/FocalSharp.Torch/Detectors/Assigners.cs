using FocalSharp.Assignment;

namespace FocalSharp.Torch.Detectors;

/// <summary>The kinds of label assigners.</summary>
public static class Assigners
{
    static Assigners()
    {
        Register(new AtssOptions(), options => new AtssAssigner(options));
        Register(new DynamicSoftLabelOptions(), options => new DynamicSoftLabelAssigner(options));
        Register(new SimOtaOptions(), options => new SimOtaAssigner(options));
        Register(new TaskAlignedOptions(), options => new TaskAlignedAssigner(options));
    }

    /// <summary>Gets the names of the registered kinds.</summary>
    public static IReadOnlyList<string> Kinds => Registry.Kinds;

    internal static PartRegistry<AssignerOptions, Func<AssignerOptions, IAssigner>> Registry { get; } = new("assigner", options => options.Kind);

    /// <summary>Adds a kind, so that recipes (<c>assigner: { kind: … }</c>), options and model files can name it.</summary>
    /// <typeparam name="TOptions">Type of the assigner's options.</typeparam>
    /// <param name="defaults">The default options; their <see cref="AssignerOptions.Kind"/> is the name.</param>
    /// <param name="create">Creates the assigner.</param>
    /// <exception cref="ArgumentException">The kind exists with options of another type.</exception>
    public static void Register<TOptions>(TOptions defaults, Func<TOptions, IAssigner> create)
        where TOptions : AssignerOptions =>
        Registry.Add(defaults, options => create((TOptions)options));

    /// <summary>Creates an assigner.</summary>
    /// <exception cref="OptionException">An option is out of range, or the kind is not registered.</exception>
    public static IAssigner Create(AssignerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return Registry.GetFactory(options)(options);
    }
}
