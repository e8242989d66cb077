using FocalSharp.Boxes;

namespace FocalSharp.Datasets;

/// <summary>One annotated object.</summary>
public sealed record ObjectAnnotation
{
    /// <summary>0-based class index into <see cref="DetectionDataset.Classes"/>.</summary>
    public required int Label { get; init; }

    /// <summary>The box in pixels, <c>xyxy</c>, half-open.</summary>
    public required Box Box { get; init; }

    /// <summary>The annotation's id where its format has one (COCO); else numbered from 1 over the data set.</summary>
    public long Id { get; init; }

    /// <summary>Object area in square pixels: COCO's mask area where given, else the box's.</summary>
    public double Area { get; init; }

    /// <summary>COCO's <c>iscrowd</c>: a group; neither a target in training nor an error in evaluation.</summary>
    public bool IsCrowd { get; init; }

    /// <summary>COCO's <c>ignore</c>: official training leaves the object out; evaluation goes by <see cref="IsCrowd"/> alone.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>VOC's <c>difficult</c>: kept in training, ignored in VOC's own evaluation.</summary>
    public bool IsDifficult { get; init; }

    /// <summary>
    /// How blurred or hidden each side was drawn, in pixels; only scenes that FocalSharp draws itself know it (key
    /// <c>focalsharp_side_blur</c> in COCO JSON).
    /// </summary>
    public FocalSharp.Boxes.SideValues? SideBlur { get; init; }
}
