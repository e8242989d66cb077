using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>The kinds of backbones.</summary>
public static class Backbones
{
    static Backbones()
    {
        Register(new ResNetOptions(), (options, generator) => new ResNet(options, generator));
        Register(new Res2NetOptions(), (options, generator) => new Res2Net(options, generator));
        Register(new CspNetOptions(), (options, generator) => new CspNet(options, generator));
        Register(new ShuffleNetV2Options(), (options, generator) => new ShuffleNetV2(options, generator));
        Register(new EsNetOptions(), (options, generator) => new EsNet(options, generator));
        Register(new LcNetOptions(), (options, generator) => new LcNet(options, generator));
        Register(new EfficientNetLiteOptions(), (options, generator) => new EfficientNetLite(options, generator));
        Register(new RepVggOptions(), (options, generator) => new RepVgg(options, generator));
    }

    /// <summary>Gets the names of the registered kinds.</summary>
    public static IReadOnlyList<string> Kinds => Registry.Kinds;

    internal static PartRegistry<BackboneOptions, Func<BackboneOptions, Generator, Backbone>> Registry { get; } =
        new("backbone", options => options.Kind);

    /// <summary>Adds a kind, so that recipes (<c>backbone: { kind: … }</c>), options and model files can name it.</summary>
    /// <typeparam name="TOptions">Type of the backbone's options.</typeparam>
    /// <param name="defaults">The default options; their <see cref="BackboneOptions.Kind"/> is the name.</param>
    /// <param name="create">Creates the backbone; random weights must be drawn from the generator.</param>
    /// <exception cref="ArgumentException">The kind exists with options of another type.</exception>
    public static void Register<TOptions>(TOptions defaults, Func<TOptions, Generator, Backbone> create)
        where TOptions : BackboneOptions =>
        Registry.Add(defaults, (options, generator) => create((TOptions)options, generator));

    /// <summary>Creates a backbone with random weights.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="generator">Source of the random weights.</param>
    /// <exception cref="OptionException">An option is out of range, or the kind is not registered.</exception>
    public static Backbone Create(BackboneOptions options, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(generator);
        options.Validate();
        return Registry.GetFactory(options)(options, generator);
    }
}
