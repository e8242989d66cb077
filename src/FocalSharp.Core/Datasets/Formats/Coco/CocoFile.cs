using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>
/// What a COCO file holds, as it stands there: nothing is checked yet. Segmentations and the rest are passed over.
/// </summary>
internal sealed class CocoFile
{
    public List<CocoImage> Images { get; } = [];

    public List<CocoAnnotation> Annotations { get; } = [];

    public List<CocoCategory> Categories { get; } = [];

    /// <summary>Elements of the three lists that are no objects, as "images element 4".</summary>
    public List<string> Malformed { get; } = [];

    /// <summary>The file has a list of images, so it is COCO and not some other JSON.</summary>
    public bool HasImages { get; set; }

    /// <summary>The file has a list of annotations or of categories.</summary>
    public bool HasLabels { get; set; }
}

/// <summary>An entry of <c>images</c>.</summary>
internal readonly record struct CocoImage(long? Id, string? FileName, double Width, double Height);

/// <summary>An entry of <c>categories</c>.</summary>
internal readonly record struct CocoCategory(long? Id, string? Name);

/// <summary>An entry of <c>annotations</c>.</summary>
internal readonly record struct CocoAnnotation
{
    public long? Id { get; init; }

    public long? ImageId { get; init; }

    public long? CategoryId { get; init; }

    /// <summary>Numbers in <c>bbox</c>; 4 in a valid one.</summary>
    public int Numbers { get; init; }

    public double X { get; init; }

    public double Y { get; init; }

    public double Width { get; init; }

    public double Height { get; init; }

    /// <summary>NaN where there is none.</summary>
    public double Area { get; init; }

    public bool IsCrowd { get; init; }

    public bool IsIgnored { get; init; }

    public bool IsDifficult { get; init; }

    public SideValues? SideBlur { get; init; }
}
