namespace FocalSharp.Datasets.Reading;

/// <summary>An image as the annotations describe it, before it is compared with its file.</summary>
public sealed record RawImage
{
    /// <summary>Gets the annotation file, as messages show it; usually relative to the data set's folder.</summary>
    public required string File { get; init; }

    /// <summary>Gets the image's file name as the annotations state it, relative to the image folder.</summary>
    public required string FileName { get; init; }

    /// <summary>Gets the full path of the image file; resolve names from annotations with <see cref="Files.DatasetRoot.Resolve"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the split.</summary>
    public DatasetSplit Split { get; init; }

    /// <summary>Gets the name that the files give the split, for example <c>minival</c>; null if they give none.</summary>
    internal string? SplitName { get; init; }

    /// <summary>Gets the image's id, or null to number it.</summary>
    public long? Id { get; init; }

    /// <summary>Gets the annotated size, or null to read it from the image file.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Gets whether the annotation file contains the image itself, so that a missing file can be explained.</summary>
    internal bool IsEmbedded { get; init; }

    /// <summary>Gets the boxes.</summary>
    public IList<RawBox> Boxes { get; init; } = [];
}
