namespace FocalSharp.Torch.Losses;

/// <summary>The kinds of box losses.</summary>
public static class BoxLosses
{
    static BoxLosses()
    {
        Register(new IouLossOptions("giou"), options => new GiouLoss(epsilon: options.Epsilon));
        Register(new IouLossOptions("diou"), options => new DiouLoss(epsilon: options.Epsilon));
        Register(new IouLossOptions("ciou"), options => new CiouLoss(epsilon: options.Epsilon));
        Register(new IouLossOptions("iou"), options => new IouLoss(epsilon: options.Epsilon));
    }

    /// <summary>Gets the names of the registered kinds.</summary>
    public static IReadOnlyList<string> Kinds => Registry.Kinds;

    internal static PartRegistry<BoxLossOptions, Func<BoxLossOptions, IBoxLoss>> Registry { get; } = new("box loss", options => options.Kind);

    /// <summary>Adds a kind, so that recipes (<c>box: { kind: … }</c>), options and model files can name it.</summary>
    /// <typeparam name="TOptions">Type of the loss's options.</typeparam>
    /// <param name="defaults">The default options; their <see cref="BoxLossOptions.Kind"/> is the name.</param>
    /// <param name="create">Creates the loss.</param>
    /// <exception cref="ArgumentException">The kind exists with options of another type.</exception>
    public static void Register<TOptions>(TOptions defaults, Func<TOptions, IBoxLoss> create)
        where TOptions : BoxLossOptions =>
        Registry.Add(defaults, options => create((TOptions)options));

    /// <summary>Creates a box loss.</summary>
    /// <exception cref="OptionException">An option is out of range, or the kind is not registered.</exception>
    public static IBoxLoss Create(BoxLossOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return Registry.GetFactory(options)(options);
    }
}
