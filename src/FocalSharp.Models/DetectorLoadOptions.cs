using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime;
using FocalSharp.Torch.Native;

namespace FocalSharp.Models;

/// <summary>Specifies how a detector is loaded and run from a file of any kind.</summary>
public sealed record DetectorLoadOptions
{
    /// <summary>Smallest input side in pixels.</summary>
    internal const int MinInputSize = 32;

    /// <summary>Largest input side in pixels.</summary>
    internal const int MaxInputSize = 8192;

    /// <summary>Gets the side of the network's input in pixels, 32 to 8192; null (default) for the size used in training.</summary>
    public int? InputSize { get; init; }

    /// <summary>Gets the device of weights, as TorchSharp names it (<c>cpu</c>, <c>cuda:0</c>). Null (default) for the CPU.</summary>
    public string? Device { get; init; }

    /// <summary>
    /// Gets the execution provider of an ONNX file, as <see cref="RuntimeOptions.ExecutionProvider"/> takes it (<c>cuda</c>, <c>tensorrt</c>,
    /// <c>directml</c>, <c>coreml</c>, <c>openvino</c>). Null (default) for <see cref="Device"/>. It does not apply to weights.
    /// </summary>
    public string? ExecutionProvider { get; init; }

    /// <summary>Gets what is called with a warning if the CPU runs an ONNX file instead of its execution provider. Null (default): loading throws.</summary>
    public Action<string>? OnProviderFallback { get; init; }

    /// <summary>Gets the arithmetic of the convolutions. Default float32. It applies to weights: an ONNX file has its own.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Gets the threads of one inference with an ONNX file; 0 (default) for one per physical core.</summary>
    public int Threads { get; init; }

    /// <summary>Gets the thresholds and limits of calls that pass none.</summary>
    public DetectOptions Detect { get; init; } = new();

    /// <summary>Gets the limits of images and whether EXIF orientation is applied (default: it is).</summary>
    public ImageDecodeOptions Decode { get; init; } = ImageDecodeOptions.Default;

    /// <summary>Gets the maximum number of images per batch, 1 to 1024. Default 8.</summary>
    public int MaxBatch { get; init; } = 8;

    /// <summary>Gets whether an ONNX file is loaded again when it changes (<see cref="RuntimeOptions.ReloadOnChange"/>). Default false. It does not apply to weights.</summary>
    public bool ReloadOnChange { get; init; }

    internal RuntimeOptions ToRuntimeOptions() => new()
    {
        InputSize = InputSize,
        ExecutionProvider = ExecutionProvider ?? Device ?? ComputeDevice.Cpu,
        OnProviderFallback = OnProviderFallback,
        Threads = Threads,
        AllowSpinning = false,
        Detect = Detect,
        Decode = Decode,
        MaxBatch = MaxBatch,
        ReloadOnChange = ReloadOnChange,
    };

    internal void Validate()
    {
        if (InputSize is < MinInputSize or > MaxInputSize)
        {
            throw new OptionException($"InputSize {InputSize}: must be {MinInputSize} to {MaxInputSize} pixels.") { OptionName = nameof(InputSize) };
        }

        if (MaxBatch is < 1 or > 1024)
        {
            throw new OptionException($"MaxBatch {MaxBatch}: must be 1 to 1024 images.") { OptionName = nameof(MaxBatch) };
        }

        Detect.Validate();
    }
}
