namespace FocalSharp.Datasets;

/// <summary>How <see cref="DatasetWriter"/> writes.</summary>
public sealed record DatasetWriteOptions
{
    /// <summary>Copy the images beside the annotations (default true); without it only annotations are written.</summary>
    public bool CopyImages { get; init; } = true;

    /// <summary>Write into a folder that is not empty, replacing files of the same names (default false).</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Leave out crowd objects where the format cannot mark them (default false: YOLO then takes a crowd for an object, VOC for a
    /// difficult one).
    /// </summary>
    public bool DropCrowd { get; init; }
}
