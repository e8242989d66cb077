using FocalSharp.Imaging.Codecs;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime;

/// <summary>How a model is loaded and run. Every default stands here.</summary>
public sealed record RuntimeOptions
{
    /// <summary>Gets the side of the network's input in pixels, 32 to 8192; null (default) for the size that the file states.</summary>
    public int? InputSize { get; init; }

    /// <summary>Threads of one run; 0 (default) for one a physical core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether idle threads of a run wait spinning. Default true: the least latency. Set it false where several runs, or other work,
    /// share the cores.
    /// </summary>
    public bool AllowSpinning { get; init; } = true;

    /// <summary>
    /// Where the model runs: <c>cpu</c> (default), or the name of another of ONNX Runtime's execution providers (<c>cuda</c>,
    /// <c>tensorrt</c>, <c>dml</c>, <c>coreml</c>, <c>openvino</c>, <c>xnnpack</c> …), for which the program references the ONNX Runtime package that
    /// has it.
    /// </summary>
    public string ExecutionProvider { get; init; } = "cpu";

    /// <summary>Settings of the execution provider, by its own names.</summary>
    public IReadOnlyDictionary<string, string> ProviderOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Last word on the session's options, for what has no name here; null (default) for none.</summary>
    public Action<SessionOptions>? ConfigureSession { get; init; }

    /// <summary>Thresholds and limits of calls that bring none of their own.</summary>
    public DetectOptions Detect { get; init; } = new();

    /// <summary>Bounds of images, in bytes and pixels, and whether EXIF orientation is applied (default: it is).</summary>
    public ImageDecodeOptions Decode { get; init; } = ImageDecodeOptions.Default;

    /// <summary>Most images that share a run; a longer list is split. Default 8.</summary>
    public int MaxBatch { get; init; } = 8;

    /// <summary>
    /// Bytes of image buffers that an idle detector keeps for each call that ran at once; more is given back. Default 64 MiB, a 16 megapixel
    /// picture.
    /// </summary>
    public long MaxPooledBytes { get; init; } = 64L << 20;

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate()
    {
        OptionException.ThrowUnless(InputSize is null or (>= 32 and <= 8192), $"InputSize {InputSize}: must be 32 to 8192 pixels.");
        if (Threads is < 0 or > 1024)
        {
            throw new FocalSharpException($"threads {Threads}: a run takes 1 to 1024 threads, or 0 for one a physical core.");
        }

        if (MaxBatch is < 1 or > 1024)
        {
            throw new FocalSharpException($"max batch {MaxBatch}: a run takes 1 to 1024 images.");
        }

        if (MaxPooledBytes < 0)
        {
            throw new FocalSharpException($"kept bytes {MaxPooledBytes}: 0 or more.");
        }

        Detect.Validate();
    }
}
