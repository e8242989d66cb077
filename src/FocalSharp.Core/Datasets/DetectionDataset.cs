namespace FocalSharp.Datasets;

/// <summary>
/// A detection data set in memory, whatever its files' format: classes, images with their objects, splits, and the faults
/// that were found while reading. Immutable; pixels stay on disk.
/// </summary>
public sealed record DetectionDataset
{
    /// <summary>A short name for messages and run folders, usually the folder's.</summary>
    public required string Name { get; init; }

    /// <summary>Class names; a label is an index into this list.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>COCO category ids, one for each class; 1, 2, … where the format has none.</summary>
    public required IReadOnlyList<int> CategoryIds { get; init; }

    /// <summary>The images, in the order of the files.</summary>
    public required IReadOnlyList<DatasetImage> Images { get; init; }

    /// <summary>Faults found while reading; the entries they concern are left out or mended as each message says.</summary>
    public IReadOnlyList<DatasetProblem> Problems { get; init; } = [];

    /// <summary>What reading saw beyond what is kept, for the linter; null where the data set was not read from files.</summary>
    internal Reading.ReadStatistics? ReadStatistics { get; init; }

    /// <summary>Number of objects over all images.</summary>
    public int ObjectCount => Images.Sum(image => image.Objects.Count);

    /// <summary>The data set narrowed to some splits.</summary>
    public DetectionDataset Select(params ReadOnlySpan<DatasetSplit> splits)
    {
        DatasetSplit[] wanted = splits.ToArray();
        return this with { Images = [.. Images.Where(image => wanted.Contains(image.Split))] };
    }
}
