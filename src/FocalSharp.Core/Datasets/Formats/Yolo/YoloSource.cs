namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>Images of a split: a folder, an image file, or a list of image files.</summary>
/// <param name="Split">The split.</param>
/// <param name="Path">The path, as the data set states it.</param>
internal sealed record YoloSource(DatasetSplit Split, string Path)
{
    /// <summary>Gets the name that the data set gives the split; null if it gives none.</summary>
    public string? Name { get; init; }

    /// <summary>Gets whether images that another source lists are skipped, because that source is more specific.</summary>
    public bool IsFallback { get; init; }
}
