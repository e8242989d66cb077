using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Reading;

/// <summary>An image as the annotations give it, not yet compared with its file.</summary>
internal sealed record RawImage
{
    /// <summary>The annotation file, as messages show it.</summary>
    public required string File { get; init; }

    public required string FileName { get; init; }

    public required string Path { get; init; }

    public DatasetSplit Split { get; init; }

    public long? Id { get; init; }

    /// <summary>The annotated size, or null.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Coordinates are shares of the image's size (YOLO).</summary>
    public bool Normalized { get; init; }

    public List<RawBox> Boxes { get; init; } = [];
}
