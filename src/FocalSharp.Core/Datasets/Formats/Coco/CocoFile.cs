using FocalSharp.Boxes;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>
/// The contents of a COCO file, not yet validated. Of segmentations only the enclosing box is read; other keys are skipped.
/// </summary>
internal sealed class CocoFile
{
    public List<CocoImage> Images { get; } = [];

    public List<CocoAnnotation> Annotations { get; } = [];

    public List<CocoCategory> Categories { get; } = [];

    /// <summary>Gets the elements of the three lists that are not objects, for example "images element 4".</summary>
    public List<string> Malformed { get; } = [];

    /// <summary>Gets or sets whether the file has a list of images.</summary>
    public bool HasImages { get; set; }

    /// <summary>Gets or sets whether the file has a list of annotations or of categories.</summary>
    public bool HasLabels { get; set; }
}

/// <summary>An entry of <c>images</c>.</summary>
internal readonly record struct CocoImage(long? Id, string? FileName, double Width, double Height);

/// <summary>An entry of <c>categories</c>.</summary>
internal readonly record struct CocoCategory(long? Id, string? Name);

/// <summary>The box around a segmentation.</summary>
/// <param name="Box">The box.</param>
/// <param name="IsMask">Whether it is a run-length encoded mask rather than polygons.</param>
internal sealed record CocoSegmentation(EnclosingBox Box, bool IsMask);

/// <summary>An entry of <c>annotations</c>.</summary>
internal readonly record struct CocoAnnotation
{
    public long? Id { get; init; }

    public long? ImageId { get; init; }

    public long? CategoryId { get; init; }

    /// <summary>Gets the count of numbers in <c>bbox</c>; 4 if it is valid.</summary>
    public int Numbers { get; init; }

    public double X { get; init; }

    public double Y { get; init; }

    public double Width { get; init; }

    public double Height { get; init; }

    /// <summary>Gets the area, or NaN if there is none.</summary>
    public double Area { get; init; }

    /// <summary>Gets the box around <c>segmentation</c>; without points if there is none.</summary>
    public CocoSegmentation? Segmentation { get; init; }

    /// <summary>Gets the clockwise rotation of <c>bbox</c> in degrees, an attribute that CVAT and Datumaro write.</summary>
    public double Rotation { get; init; }

    public bool IsCrowd { get; init; }

    public bool IsIgnored { get; init; }

    public bool IsDifficult { get; init; }

    public SideValues? SideBlur { get; init; }
}
