using FocalSharp.Imaging.Codecs;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime;

/// <summary>Specifies how <see cref="Detector"/> loads and runs a model.</summary>
public sealed record RuntimeOptions
{
    /// <summary>Gets the side of the network's input in pixels, 32 to 8192; null (default) for the size that the file states.</summary>
    public int? InputSize { get; init; }

    /// <summary>Gets the threads per inference, 1 to 1024; 0 (default) means one per physical core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Gets whether idle inference threads spin while they wait. Default true, for the lowest latency. Set it to false if several inferences, or
    /// other work, share the cores.
    /// </summary>
    public bool AllowSpinning { get; init; } = true;

    /// <summary>
    /// Gets where the model runs: <c>cpu</c> (default) or another of ONNX Runtime's execution providers, <c>cuda</c>, <c>tensorrt</c>,
    /// <c>directml</c>, <c>coreml</c>, <c>openvino</c>, <c>xnnpack</c> or <c>qnn</c>, with the number of a device after a colon
    /// (<c>cuda:1</c>). The program must reference the ONNX Runtime package that contains it.
    /// </summary>
    public string ExecutionProvider { get; init; } = "cpu";

    /// <summary>
    /// Gets what is called, once per load, with a warning if the execution provider does not work on this machine and the CPU runs the model
    /// instead. Null (default): loading throws, since a service that should have a GPU would be too slow without a sign of why.
    /// </summary>
    public Action<string>? OnProviderFallback { get; init; }

    /// <summary>Gets the settings of the execution provider, by the provider's own names. Default: none.</summary>
    public IReadOnlyDictionary<string, string> ProviderOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets an action that changes ONNX Runtime's session options last, for settings that have no property here. Default null.</summary>
    public Action<SessionOptions>? ConfigureSession { get; init; }

    /// <summary>Gets the thresholds and limits of calls that pass none.</summary>
    public DetectOptions Detect { get; init; } = new();

    /// <summary>Gets the limits of images, in bytes and pixels, and whether EXIF orientation is applied (default: it is).</summary>
    public ImageDecodeOptions Decode { get; init; } = ImageDecodeOptions.Default;

    /// <summary>Gets the maximum number of images per batch, 1 to 1024; a longer list is split. Default 8.</summary>
    public int MaxBatch { get; init; } = 8;

    /// <summary>
    /// Gets the bytes of image buffers that an idle detector retains per concurrent call; larger buffers are released. Default 64 MiB, a
    /// 16-megapixel image.
    /// </summary>
    public long MaxPooledBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Gets whether the detector loads its file again when it changes (<see cref="Detector.Reload"/>). Default false. The file's time and length are read
    /// every <see cref="ReloadDelay"/>, which also works on network folders and for mounted volumes that replace a link.
    /// </summary>
    public bool ReloadOnChange { get; init; }

    /// <summary>Gets for how long a changed file must stay the same before it is loaded, 0.1 s to 1 h. Default 2 s, so that a file being copied is not loaded.</summary>
    public TimeSpan ReloadDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="OptionException">A value is out of range.</exception>
    internal void Validate()
    {
        Require(ExecutionProvider is not null, nameof(ExecutionProvider), "ExecutionProvider must not be null; \"cpu\" is the default.");
        Require(ProviderOptions is not null, nameof(ProviderOptions), "ProviderOptions must not be null; it is empty by default.");
        Require(Detect is not null, nameof(Detect), "Detect must not be null; new DetectOptions() is the default.");
        Require(Decode is not null, nameof(Decode), "Decode must not be null; ImageDecodeOptions.Default is the default.");
        Require(InputSize is null or (>= 32 and <= 8192), nameof(InputSize), $"InputSize {InputSize}: must be 32 to 8192 pixels.");
        Require(Threads is >= 0 and <= 1024, nameof(Threads), $"Threads {Threads}: must be 1 to 1024, or 0 for one per physical core.");
        Require(MaxBatch is >= 1 and <= 1024, nameof(MaxBatch), $"MaxBatch {MaxBatch}: must be 1 to 1024 images.");
        Require(
            ReloadDelay >= TimeSpan.FromSeconds(0.1) && ReloadDelay <= TimeSpan.FromHours(1), nameof(ReloadDelay), $"ReloadDelay {ReloadDelay.TotalSeconds} s: must be 0.1 s to 1 h.");
        Require(MaxPooledBytes >= 0, nameof(MaxPooledBytes), $"MaxPooledBytes {MaxPooledBytes}: must be 0 or more.");
        _ = Sessions.ExecutionProvider.Parse(ExecutionProvider!);
        Detect!.Validate();
    }

    private static void Require(bool condition, string option, string message)
    {
        if (!condition)
        {
            throw new OptionException(message) { OptionName = option };
        }
    }
}
