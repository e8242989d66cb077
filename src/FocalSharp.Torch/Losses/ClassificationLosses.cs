namespace FocalSharp.Torch.Losses;

/// <summary>The kinds of classification losses.</summary>
public static class ClassificationLosses
{
    static ClassificationLosses()
    {
        Register(new QualityFocalLossOptions(), options => new QualityFocalLoss(options.Beta));
        Register(new FocalLossOptions(), options => new FocalLoss(options.Gamma, options.Alpha));
        Register(new VarifocalLossOptions(), options => new VarifocalLoss(options.Alpha, options.Gamma));
    }

    /// <summary>Gets the names of the registered kinds.</summary>
    public static IReadOnlyList<string> Kinds => Registry.Kinds;

    internal static PartRegistry<ClassificationLossOptions, Func<ClassificationLossOptions, IClassificationLoss>> Registry { get; } =
        new("classification loss", options => options.Kind);

    /// <summary>Adds a kind, so that recipes (<c>classification: { kind: … }</c>), options and model files can name it.</summary>
    /// <typeparam name="TOptions">Type of the loss's options.</typeparam>
    /// <param name="defaults">The default options; their <see cref="ClassificationLossOptions.Kind"/> is the name.</param>
    /// <param name="create">Creates the loss.</param>
    /// <exception cref="ArgumentException">The kind exists with options of another type.</exception>
    public static void Register<TOptions>(TOptions defaults, Func<TOptions, IClassificationLoss> create)
        where TOptions : ClassificationLossOptions =>
        Registry.Add(defaults, options => create((TOptions)options));

    /// <summary>Creates a classification loss.</summary>
    /// <exception cref="OptionException">An option is out of range, or the kind is not registered.</exception>
    public static IClassificationLoss Create(ClassificationLossOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return Registry.GetFactory(options)(options);
    }
}
