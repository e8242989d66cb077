using FocalSharp.Boxes;

namespace FocalSharp.Datasets;

/// <summary>One annotated object.</summary>
public sealed record ObjectAnnotation
{
    /// <summary>Gets the 0-based class index into <see cref="DetectionDataset.Classes"/>.</summary>
    public required int Label { get; init; }

    /// <summary>Gets the box in pixels, <c>xyxy</c>, half-open.</summary>
    public required Box Box { get; init; }

    /// <summary>Gets the annotation's id in formats that have one (COCO); otherwise objects are numbered from 1.</summary>
    public long Id { get; init; }

    /// <summary>Gets the area in square pixels: COCO's mask area if stated, otherwise that of the box.</summary>
    public double Area { get; init; }

    /// <summary>Gets COCO's <c>iscrowd</c>: a group, neither a target in training nor an error in evaluation.</summary>
    public bool IsCrowd { get; init; }

    /// <summary>Gets COCO's <c>ignore</c>: training skips the object, as in the official code; evaluation depends on <see cref="IsCrowd"/> only.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>Gets VOC's <c>difficult</c>: used in training, ignored in VOC's own evaluation.</summary>
    public bool IsDifficult { get; init; }

    /// <summary>
    /// Gets how blurred or hidden each side was drawn, in pixels; known only for synthetic scenes (key
    /// <c>focalsharp_side_blur</c> in COCO JSON).
    /// </summary>
    public FocalSharp.Boxes.SideValues? SideBlur { get; init; }
}
