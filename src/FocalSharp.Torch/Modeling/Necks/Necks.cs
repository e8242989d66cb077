using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>The kinds of necks.</summary>
public static class Necks
{
    static Necks()
    {
        Register(new FpnOptions(), (options, backbone, generator) => new Fpn(options, backbone, generator));
        Register(new PanOptions(), (options, backbone, generator) => new Pan(options, backbone, generator));
        Register(new GhostPanOptions(), (options, backbone, generator) => new GhostPan(options, backbone, generator));
        Register(new CspPanOptions(), (options, backbone, generator) => CreatePicoPan(
            options, style => new CspLayer(2 * options.Channels, options.Channels, options.Kernel, style, generator), backbone, generator));
        Register(new LcPanOptions(), (options, backbone, generator) => CreatePicoPan(
            options, style => new LcPanBlock(2 * options.Channels, options.Channels, options.Kernel, style, generator), backbone, generator));
    }

    /// <summary>Gets the names of the registered kinds.</summary>
    public static IReadOnlyList<string> Kinds => Registry.Kinds;

    internal static PartRegistry<NeckOptions, Func<NeckOptions, Backbone, Generator, Neck>> Registry { get; } = new("neck", options => options.Kind);

    /// <summary>Adds a kind, so that recipes (<c>neck: { kind: … }</c>), options and model files can name it.</summary>
    /// <typeparam name="TOptions">Type of the neck's options.</typeparam>
    /// <param name="defaults">The default options; their <see cref="NeckOptions.Kind"/> is the name.</param>
    /// <param name="create">Creates the neck for a backbone; random weights must be drawn from the generator.</param>
    /// <exception cref="ArgumentException">The kind exists with options of another type.</exception>
    public static void Register<TOptions>(TOptions defaults, Func<TOptions, Backbone, Generator, Neck> create)
        where TOptions : NeckOptions =>
        Registry.Add(defaults, (options, backbone, generator) => create((TOptions)options, backbone, generator));

    /// <summary>Creates a neck with random weights.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="backbone">The backbone whose feature maps it receives.</param>
    /// <param name="generator">Source of the random weights.</param>
    /// <exception cref="OptionException">An option is out of range, or the kind is not registered.</exception>
    public static Neck Create(NeckOptions options, Backbone backbone, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(generator);
        options.Validate();
        return Registry.GetFactory(options)(options, backbone, generator);
    }

    private static ConcatPan CreatePicoPan(
        ConcatPanOptions options, Func<ConvBlockOptions, nn.Module<Tensor, Tensor>> createBlock, Backbone backbone, Generator generator)
    {
        ConvBlockOptions style = new(options.Norm, Activation: ActivationKind.HardSwish);
        return new ConcatPan(options, style, () => createBlock(style), InterpolationMode.Nearest, backbone, generator);
    }
}
