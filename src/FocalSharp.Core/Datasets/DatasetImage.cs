namespace FocalSharp.Datasets;

/// <summary>One image of a data set with its objects.</summary>
public sealed record DatasetImage
{
    /// <summary>The image's id where its format has one (COCO); else numbered from 1 over the data set.</summary>
    public required long Id { get; init; }

    /// <summary>File name as the annotations give it, relative to the image folder.</summary>
    public required string FileName { get; init; }

    /// <summary>Full path of the image file.</summary>
    public required string Path { get; init; }

    /// <summary>Width in pixels of the picture as shown and decoded, EXIF orientation applied.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels of the picture as shown and decoded, EXIF orientation applied.</summary>
    public required int Height { get; init; }

    /// <summary>EXIF orientation of the file, 1 to 8; 1 where it has none or its header was not read.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>The split that the data set puts the image in.</summary>
    public DatasetSplit Split { get; init; }

    /// <summary>The objects; empty for an image of background alone.</summary>
    public IReadOnlyList<ObjectAnnotation> Objects { get; init; } = [];
}
