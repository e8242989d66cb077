namespace FocalSharp.Datasets;

/// <summary>
/// A detection data set in memory, independent of the file format: classes, images with their objects, splits, and the problems
/// found while reading. Immutable; pixels stay on disk.
/// </summary>
public sealed record DetectionDataset
{
    /// <summary>Gets a short name for messages and run folders, usually that of the folder.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the class names; a label is an index into this list.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Gets the COCO category ids, one per class; 1, 2, … if the format has none.</summary>
    public required IReadOnlyList<int> CategoryIds { get; init; }

    /// <summary>Gets the images in file order.</summary>
    public required IReadOnlyList<DatasetImage> Images { get; init; }

    /// <summary>Gets the problems found while reading; each message says how the entry was handled.</summary>
    public IReadOnlyList<DatasetProblem> Problems { get; init; } = [];

    /// <summary>Gets the splits that the data set names, but whose files do not exist, with what it names.</summary>
    internal IReadOnlyList<(DatasetSplit Split, string Name)> MissingSplits { get; init; } = [];

    /// <summary>Gets counters for the linter; null if the data set was not read from files.</summary>
    internal Reading.ReadStatistics? ReadStatistics { get; init; }

    /// <summary>Gets the number of objects in all images.</summary>
    public int ObjectCount => Images.Sum(image => image.Objects.Count);

    /// <summary>Gets the number of objects that are no crowds: those that are trained and evaluated on.</summary>
    internal int NonCrowdCount => Images.Sum(image => image.Objects.Count(thing => !thing.IsCrowd));

    /// <summary>Returns the data set restricted to some splits.</summary>
    public DetectionDataset Select(params ReadOnlySpan<DatasetSplit> splits)
    {
        DatasetSplit[] wanted = splits.ToArray();
        return this with { Images = [.. Images.Where(image => wanted.Contains(image.Split))] };
    }
}
