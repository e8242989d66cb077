using FocalSharp.Runtime;

namespace FocalSharp.MLNet;

/// <summary>Specifies how a pipeline detects objects. All values are saved with the ML.NET model.</summary>
public sealed record ObjectDetectionOptions
{
    /// <summary>Gets the score at or below which detections are dropped, 0 to 1. Null (default) for the model's own.</summary>
    public double? ScoreThreshold { get; init; }

    /// <summary>Gets the IoU above which the lower of two detections of a class is dropped, 0 to 1. Null (default) for the model's own.</summary>
    public double? IouThreshold { get; init; }

    /// <summary>Gets the maximum number of detections per image. Null (default) for the model's own.</summary>
    public int? MaxDetections { get; init; }

    /// <summary>Gets the side of the network's input in pixels, 32 to 8192. Null (default) for the size that the file states.</summary>
    public int? InputSize { get; init; }

    /// <summary>Gets the threads per inference, 1 to 1024; 0 (default) means one per physical core.</summary>
    public int Threads { get; init; }

    /// <summary>Gets where the model runs, as <see cref="RuntimeOptions.ExecutionProvider"/> takes it. Default: the CPU.</summary>
    public string ExecutionProvider { get; init; } = "cpu";

    internal RuntimeOptions ToRuntimeOptions() => new()
    {
        InputSize = InputSize,
        Threads = Threads,
        ExecutionProvider = ExecutionProvider,
        Detect = new DetectOptions { ScoreThreshold = ScoreThreshold, IouThreshold = IouThreshold, MaxDetections = MaxDetections },
    };
}
