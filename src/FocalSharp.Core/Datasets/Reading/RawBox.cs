using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Reading;

/// <summary>A box as a file states it, converted to <c>xyxy</c> but not yet validated.</summary>
public readonly record struct RawBox
{
    /// <summary>Gets the 0-based class index.</summary>
    public required int Label { get; init; }

    /// <summary>Gets the left edge, in pixels or, if <see cref="RawDataset.IsNormalized"/>, as a fraction of the image width.</summary>
    public required double X1 { get; init; }

    /// <summary>Gets the top edge.</summary>
    public required double Y1 { get; init; }

    /// <summary>Gets the right edge.</summary>
    public required double X2 { get; init; }

    /// <summary>Gets the bottom edge.</summary>
    public required double Y2 { get; init; }

    /// <summary>Gets the box's position in its image, from 0, counting boxes that are skipped.</summary>
    public required int Position { get; init; }

    /// <summary>Gets the place in the file, for example a line number from 1; 0 if there is none.</summary>
    public long Place { get; init; }

    /// <summary>Gets the annotation's id, or null to number it.</summary>
    public long? Id { get; init; }

    /// <summary>Gets the object's area in square pixels, or null for the area of the box.</summary>
    public double? Area { get; init; }

    /// <summary>Gets whether the file marks the box as having no extent, although its coordinates would give it one (VOC).</summary>
    public bool IsPoint { get; init; }

    /// <summary>Gets whether the object is a crowd.</summary>
    public bool IsCrowd { get; init; }

    /// <summary>Gets whether training ignores the object.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>Gets whether the object is marked as difficult.</summary>
    public bool IsDifficult { get; init; }

    /// <summary>Gets the blur of each side in pixels, or null.</summary>
    public SideValues? SideBlur { get; init; }

    internal RawBox Scale(double x, double y) => this with { X1 = X1 * x, Y1 = Y1 * y, X2 = X2 * x, Y2 = Y2 * y };
}
