namespace FocalSharp.Datasets;

/// <summary>Options of <see cref="DatasetWriter"/>.</summary>
public sealed record DatasetWriteOptions
{
    /// <summary>Gets whether the images are copied beside the annotations (default true); when false, only annotations are written.</summary>
    public bool CopyImages { get; init; } = true;

    /// <summary>Gets whether to write into a folder that is not empty and replace files of the same names (default false).</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Gets whether crowd objects are removed when the format cannot mark them (default false: YOLO writes them as ordinary objects, VOC as
    /// difficult ones).
    /// </summary>
    public bool DropCrowd { get; init; }
}
