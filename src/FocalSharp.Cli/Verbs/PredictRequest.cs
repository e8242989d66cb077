using FocalSharp.Detections.Tiling;

namespace FocalSharp.Cli.Verbs;

/// <summary>What the command line asks of <c>predict</c>.</summary>
internal sealed record PredictRequest
{
    /// <summary>A run's folder, a weights file or a published model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Files, folders and globs.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Folder of what is written.</summary>
    public required string Out { get; init; }

    /// <summary>Where the JSON goes; null: into <see cref="Out"/>; <c>-</c> is stdout.</summary>
    public string? Json { get; init; }

    /// <summary>COCO results instead of the readable form.</summary>
    public bool Coco { get; init; }

    /// <summary>Least score kept.</summary>
    public double Threshold { get; init; }

    /// <summary>NMS overlap; null: the model's.</summary>
    public double? Nms { get; init; }

    /// <summary>Input side in pixels; null: as trained.</summary>
    public int? Size { get; init; }

    /// <summary><c>auto</c>, <c>float32</c> or <c>bf16</c>; null: float32.</summary>
    public string? Precision { get; init; }

    /// <summary>Device as TorchSharp names it; null: the CPU.</summary>
    public string? Device { get; init; }

    /// <summary>Most detections of an image; null: the model's.</summary>
    public int? Max { get; init; }

    /// <summary>How large images are cut; null: not at all.</summary>
    public TileOptions? Tiles { get; init; }

    /// <summary>Whether annotated images are written.</summary>
    public bool Images { get; init; } = true;
}
