using FocalSharp.Detections;

namespace FocalSharp.Explorer.Detections;

/// <summary>What a model says of one image.</summary>
internal sealed record CandidatesResponse
{
    /// <summary>What to call the image; never a path.</summary>
    public required string Name { get; init; }

    /// <summary>Width of the image in pixels, turned as its EXIF orientation says.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the image in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Time that the model took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Score above which all candidates are here.</summary>
    public required double MinScore { get; init; }

    /// <summary>What the model's file cannot tell, or null.</summary>
    public required string? Note { get; init; }

    /// <summary>The model's own thresholds and limits.</summary>
    public required PostprocessOptions Defaults { get; init; }

    /// <summary>Class names by label.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The candidates before NMS, highest score first.</summary>
    public required IReadOnlyList<Detection> Candidates { get; init; }

    /// <summary>The annotated objects, or null where nobody knows them.</summary>
    public IReadOnlyList<GroundTruthBox>? GroundTruth { get; init; }
}
