using FocalSharp.Detections.Tiling;

namespace FocalSharp.Cli.Verbs;

/// <summary>What the command line asks of <c>eval</c>.</summary>
internal sealed record EvalRequest
{
    /// <summary>A run's folder, a weights file or a published model's name, when a model is judged.</summary>
    public string? Model { get; init; }

    /// <summary>The data set, when a model is judged.</summary>
    public string? Data { get; init; }

    /// <summary>COCO annotations, when two files are compared.</summary>
    public string? GroundTruth { get; init; }

    /// <summary>COCO results, when two files are compared.</summary>
    public string? Detections { get; init; }

    /// <summary><c>train</c>, <c>val</c>, <c>test</c> or <c>all</c>; null: the best that there is.</summary>
    public string? Split { get; init; }

    /// <summary>Input side in pixels; null: as trained.</summary>
    public int? Size { get; init; }

    /// <summary><c>auto</c>, <c>float32</c> or <c>bf16</c>; null: float32.</summary>
    public string? Precision { get; init; }

    /// <summary>Device as TorchSharp names it; null: the CPU.</summary>
    public string? Device { get; init; }

    /// <summary>How large images are cut, when a model is judged; null: not at all.</summary>
    public TileOptions? Tiles { get; init; }

    /// <summary>Where the numbers go as JSON; <c>-</c> is stdout.</summary>
    public string? Json { get; init; }

    /// <summary>Where the detections go as COCO results.</summary>
    public string? SaveResults { get; init; }

    /// <summary>Where the report goes as an HTML page.</summary>
    public string? Report { get; init; }

    /// <summary>The command line as typed, for the records.</summary>
    public required string CommandLine { get; init; }
}
