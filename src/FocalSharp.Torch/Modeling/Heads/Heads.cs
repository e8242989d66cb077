using FocalSharp.Torch.Modeling.Necks;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>The kinds of heads.</summary>
public static class Heads
{
    static Heads() => Register(
        new GflHeadOptions(), (options, neck, numClasses, generator) => new GflHead(options, neck.OutChannels, numClasses, generator));

    /// <summary>Gets the names of the registered kinds.</summary>
    public static IReadOnlyList<string> Kinds => Registry.Kinds;

    internal static PartRegistry<HeadOptions, Func<HeadOptions, Neck, int, Generator, DetectionHead>> Registry { get; } =
        new("head", options => options.Kind);

    /// <summary>Adds a kind, so that recipes (<c>head: { kind: … }</c>), options and model files can name it.</summary>
    /// <typeparam name="TOptions">Type of the head's options.</typeparam>
    /// <param name="defaults">The default options; their <see cref="HeadOptions.Kind"/> is the name.</param>
    /// <param name="create">
    /// Creates the head for a neck and a number of classes; random weights must be drawn from the generator.
    /// </param>
    /// <exception cref="ArgumentException">The kind exists with options of another type.</exception>
    public static void Register<TOptions>(TOptions defaults, Func<TOptions, Neck, int, Generator, DetectionHead> create)
        where TOptions : HeadOptions =>
        Registry.Add(defaults, (options, neck, numClasses, generator) => create((TOptions)options, neck, numClasses, generator));

    /// <summary>Creates a head with random weights.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="neck">The neck whose levels it receives.</param>
    /// <param name="numClasses">Number of classes.</param>
    /// <param name="generator">Source of the random weights.</param>
    /// <exception cref="OptionException">An option is out of range, or the kind is not registered.</exception>
    public static DetectionHead Create(HeadOptions options, Neck neck, int numClasses, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(neck);
        ArgumentOutOfRangeException.ThrowIfLessThan(numClasses, 1);
        ArgumentNullException.ThrowIfNull(generator);
        options.Validate();
        return Registry.GetFactory(options)(options, neck, numClasses, generator);
    }
}
