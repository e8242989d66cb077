namespace FocalSharp.Datasets;

/// <summary>One image of a data set with its objects.</summary>
public sealed record DatasetImage
{
    /// <summary>Gets the image's id in formats that have one (COCO); otherwise images are numbered from 1.</summary>
    public required long Id { get; init; }

    /// <summary>Gets the file name in the annotations, relative to the image folder.</summary>
    public required string FileName { get; init; }

    /// <summary>Gets the full path of the image file.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the width in pixels of the displayed image, with EXIF orientation applied.</summary>
    public required int Width { get; init; }

    /// <summary>Gets the height in pixels of the displayed image, with EXIF orientation applied.</summary>
    public required int Height { get; init; }

    /// <summary>Gets the EXIF orientation of the file, 1 to 8; 1 if it has none or its header was not read.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>Gets the split of the image.</summary>
    public DatasetSplit Split { get; init; }

    /// <summary>Gets the name that the files give the split, for example <c>minival</c>; null if they give none.</summary>
    internal string? SplitName { get; init; }

    /// <summary>Gets the objects; empty for an image of background only.</summary>
    public IReadOnlyList<ObjectAnnotation> Objects { get; init; } = [];
}
