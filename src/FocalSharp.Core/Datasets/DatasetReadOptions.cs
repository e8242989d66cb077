namespace FocalSharp.Datasets;

/// <summary>How <see cref="DatasetReader"/> reads; the defaults suit training.</summary>
public sealed record DatasetReadOptions
{
    /// <summary>The format, or null to find it out from the path.</summary>
    public DatasetFormat? Format { get; init; }

    /// <summary>Where the images of a COCO file or of VOC annotations lie, or null for the usual places.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>
    /// Leave out, and report, images whose file is not there (default true). Without it annotations can be read alone, as
    /// evaluation does; YOLO still needs the images, for their sizes.
    /// </summary>
    public bool RequireImages { get; init; } = true;

    /// <summary>
    /// Read every image's header and compare its size with the annotated one (default true). Without it headers are read only
    /// where the annotations give no size.
    /// </summary>
    public bool VerifyImages { get; init; } = true;

    /// <summary>
    /// How far in pixels a box may reach beyond its image before it is cut and reported (default 0.5): annotation tools round,
    /// and COCO's own files overshoot by hundredths of a pixel.
    /// </summary>
    public double OutsideTolerance { get; init; } = 0.5;
}
