using System.Globalization;
using System.Numerics;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Runtime.Hosting;

/// <summary>A detector as a configuration describes it. The keys are <c>Path</c> and the names of the options, read without reflection.</summary>
/// <param name="Path">The ONNX file.</param>
/// <param name="Options">How to load and run it.</param>
internal sealed record DetectorSettings(string Path, RuntimeOptions Options)
{
    /// <summary>The key of the settings of an execution provider, which have the provider's own names.</summary>
    private const string Provider = "ProviderOptions:";

    private static readonly Dictionary<string, Func<DetectorSettings, Value, DetectorSettings>> Scalars = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Path"] = (settings, value) => settings with { Path = value.Text },
        ["InputSize"] = Runtime((options, value) => options with { InputSize = value.Number<int>() }),
        ["Threads"] = Runtime((options, value) => options with { Threads = value.Number<int>() }),
        ["AllowSpinning"] = Runtime((options, value) => options with { AllowSpinning = value.Flag() }),
        ["ExecutionProvider"] = Runtime((options, value) => options with { ExecutionProvider = value.Text }),
        ["MaxBatch"] = Runtime((options, value) => options with { MaxBatch = value.Number<int>() }),
        ["MaxPooledBytes"] = Runtime((options, value) => options with { MaxPooledBytes = value.Number<long>() }),
        ["ReloadOnChange"] = Runtime((options, value) => options with { ReloadOnChange = value.Flag() }),
        ["ReloadDelay"] = Runtime((options, value) => options with { ReloadDelay = value.Time() }),
        ["Decode:MaxPixels"] = Decode((options, value) => options with { MaxPixels = value.Number<long>() }),
        ["Decode:MaxBytes"] = Decode((options, value) => options with { MaxBytes = value.Number<long>() }),
        ["Decode:ApplyOrientation"] = Decode((options, value) => options with { ApplyOrientation = value.Flag() }),
        ["Decode:AllowTruncated"] = Decode((options, value) => options with { AllowTruncated = value.Flag() }),
        ["Decode:StretchRange"] = Decode((options, value) => options with { StretchRange = value.Flag() }),
        ["Decode:ConvertColors"] = Decode((options, value) => options with { ConvertColors = value.Flag() }),
        ["Detect:ScoreThreshold"] = Detect((options, value) => options with { ScoreThreshold = value.Number<double>() }),
        ["Detect:IouThreshold"] = Detect((options, value) => options with { IouThreshold = value.Number<double>() }),
        ["Detect:MaxDetections"] = Detect((options, value) => options with { MaxDetections = value.Number<int>() }),
        ["Detect:IncludeDistributions"] = Detect((options, value) => options with { IncludeDistributions = value.Flag() }),
        ["Detect:NmsMethod"] = Detect((options, value) => options with { NmsMethod = value.Method() }),
        ["Detect:RescoreByDeviation"] = Detect((options, value) => options with { RescoreByDeviation = value.Flag() }),
        ["Detect:FlipTest"] = Detect((options, value) => options with { FlipTest = value.Flag() }),
        ["Detect:UseCalibration"] = Detect((options, value) => options with { UseCalibration = value.Flag() }),
        ["Detect:Tiles:Size"] = Tiles((options, value) => options with { Size = value.Number<int>() }),
        ["Detect:Tiles:Overlap"] = Tiles((options, value) => options with { Overlap = value.Number<double>() }),
        ["Detect:Tiles:WholeImage"] = Tiles((options, value) => options with { WholeImage = value.Flag() }),
        ["Detect:Tiles:MaxDetections"] = Tiles((options, value) => options with { MaxDetections = value.Number<int>() }),
    };

    /// <summary>Lists: each value has a key with its position, <c>Detect:Quantiles:0</c>.</summary>
    private static readonly Dictionary<string, Func<DetectorSettings, Value, DetectorSettings>> Lists = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Detect:Quantiles"] = Detect((options, value) => options with { Quantiles = [.. options.Quantiles ?? [], value.Number<double>()] }),
        ["Detect:ScaleTest"] = Detect((options, value) => options with { ScaleTest = [.. options.ScaleTest ?? [], value.Number<double>()] }),
    };

    /// <summary>Gets all keys; positions and provider settings are left out.</summary>
    public static IEnumerable<string> Keys => [.. Scalars.Keys, .. Lists.Keys, Provider.TrimEnd(':')];

    /// <summary>Reads settings.</summary>
    /// <param name="settings">Keys relative to the section, with colons, and values; a key without a value is a section.</param>
    /// <param name="section">The section's name in messages; empty for none.</param>
    /// <exception cref="OptionException">A key is unknown, a value cannot be read or is out of range, or <c>Path</c> is missing.</exception>
    public static DetectorSettings Parse(IEnumerable<KeyValuePair<string, string?>> settings, string section = "")
    {
        DetectorSettings result = new("", new RuntimeOptions());
        foreach ((string key, string? text) in settings.OrderBy(pair => pair.Key, PositionComparer.Instance))
        {
            if (text is null)
            {
                continue;
            }

            Value value = new(section.Length > 0 ? $"{section}:{key}" : key, text.Trim());
            int last = key.LastIndexOf(':');
            if (Scalars.TryGetValue(key, out Func<DetectorSettings, Value, DetectorSettings>? set))
            {
                result = set(result, value);
            }
            else if (last > 0 && Lists.TryGetValue(key[..last], out Func<DetectorSettings, Value, DetectorSettings>? add))
            {
                result = add(result, value);
            }
            else if (key.StartsWith(Provider, StringComparison.OrdinalIgnoreCase))
            {
                Dictionary<string, string> provider = new(result.Options.ProviderOptions) { [key[Provider.Length..]] = value.Text };
                result = result with { Options = result.Options with { ProviderOptions = provider } };
            }
            else
            {
                throw new OptionException($"{value.Name}: there is no such setting of a detector.{Suggestions.DidYouMean(key, Keys)} Settings: {string.Join(", ", Keys)}.") { OptionName = key };
            }
        }

        if (result.Path.Length == 0)
        {
            throw new OptionException(
                $"{(section.Length > 0 ? section + ":" : "")}Path: is missing, so there is no model to load. Set it to an ONNX file that FocalSharp exported.")
            { OptionName = nameof(Path) };
        }

        result.Options.Validate();
        return result;
    }

    /// <summary>Loads the detector that settings describe.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="configure">Changes the options that were read; null for none.</param>
    /// <param name="section">The section's name in messages; empty for none.</param>
    public static Detector Load(IEnumerable<KeyValuePair<string, string?>> settings, Func<RuntimeOptions, RuntimeOptions>? configure, string section = "")
    {
        (string path, RuntimeOptions options) = Parse(settings, section);
        return Detector.Load(path, configure?.Invoke(options) ?? options);
    }

    private static Func<DetectorSettings, Value, DetectorSettings> Runtime(Func<RuntimeOptions, Value, RuntimeOptions> set) =>
        (settings, value) => settings with { Options = set(settings.Options, value) };

    private static Func<DetectorSettings, Value, DetectorSettings> Decode(Func<ImageDecodeOptions, Value, ImageDecodeOptions> set) =>
        Runtime((options, value) => options with { Decode = set(options.Decode, value) });

    private static Func<DetectorSettings, Value, DetectorSettings> Detect(Func<DetectOptions, Value, DetectOptions> set) =>
        Runtime((options, value) => options with { Detect = set(options.Detect, value) });

    private static Func<DetectorSettings, Value, DetectorSettings> Tiles(Func<TileOptions, Value, TileOptions> set) =>
        Detect((options, value) => options with { Tiles = set(options.Tiles ?? new TileOptions(), value) });

    /// <summary>A value with its full key, for messages.</summary>
    private readonly record struct Value(string Name, string Text)
    {
        public T Number<T>()
            where T : struct, INumber<T> =>
            T.TryParse(Text, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out T number) ? number : throw Invalid("a number");

        public bool Flag() => bool.TryParse(Text, out bool flag) ? flag : throw Invalid("true or false");

        public TimeSpan Time() => TimeSpan.TryParse(Text, CultureInfo.InvariantCulture, out TimeSpan time) ? time : throw Invalid("a time such as 00:00:02");

        public NmsMethod Method() => Enum.TryParse(Text, ignoreCase: true, out NmsMethod method) && Enum.IsDefined(method)
            ? method
            : throw Invalid($"one of {string.Join(", ", Enum.GetNames<NmsMethod>())}");

        private OptionException Invalid(string expected) => new($"{Name}: '{Text}' is not {expected}.") { OptionName = Name };
    }

    /// <summary>Orders keys by their parts, positions in lists as numbers.</summary>
    private sealed class PositionComparer : IComparer<string>
    {
        public static PositionComparer Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            string[] first = x!.Split(':'), second = y!.Split(':');
            for (int i = 0; i < Math.Min(first.Length, second.Length); i++)
            {
                int order = int.TryParse(first[i], out int one) && int.TryParse(second[i], out int two)
                    ? one.CompareTo(two)
                    : StringComparer.OrdinalIgnoreCase.Compare(first[i], second[i]);
                if (order != 0)
                {
                    return order;
                }
            }

            return first.Length.CompareTo(second.Length);
        }
    }
}
