namespace FocalSharp.Datasets;

/// <summary>Options of <see cref="DatasetReader"/>; the defaults suit training.</summary>
public sealed record DatasetReadOptions
{
    /// <summary>Gets the format, for example <see cref="DatasetFormats.Coco"/>; null (default) to detect it.</summary>
    public IDatasetFormat? Format { get; init; }

    /// <summary>
    /// Gets the formats to try, in order, when <see cref="Format"/> is null; null (default) for <see cref="DatasetFormats.All"/>.
    /// </summary>
    public IReadOnlyList<IDatasetFormat>? Formats { get; init; }

    /// <summary>Gets the image folder of a COCO file or of VOC annotations; null (default) to search the usual places.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>
    /// Gets whether images without a file are skipped and reported (default true). When false, annotations can be read without the images,
    /// as evaluation does; formats that do not store image sizes, such as YOLO, always need the images.
    /// </summary>
    public bool RequireImages { get; init; } = true;

    /// <summary>
    /// Gets whether the header of every image is read and its size compared with the annotated size (default true). When false, headers are
    /// read only where the annotations state no size.
    /// </summary>
    public bool VerifyImages { get; init; } = true;

    /// <summary>
    /// Gets the number of pixels that a box may extend beyond its image before it is clipped and reported (default 0.5): annotation tools
    /// round, and COCO's own files exceed the image by hundredths of a pixel.
    /// </summary>
    public double OutsideTolerance { get; init; } = 0.5;

    /// <summary>
    /// Gets whether a data set is returned although its boxes do not fit their images in the layout of the format, but do in another
    /// (default false: it is refused). The linter sets it, to report the boxes.
    /// </summary>
    internal bool AllowWrongLayout { get; init; }
}
