using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Reading;

/// <summary>A box as a file gives it, its coordinates already <c>xyxy</c> by the format's rule, not yet judged.</summary>
internal readonly record struct RawBox
{
    public required int Label { get; init; }

    public required double X1 { get; init; }

    public required double Y1 { get; init; }

    public required double X2 { get; init; }

    public required double Y2 { get; init; }

    /// <summary>Position in its image from 0, counting boxes that are later left out.</summary>
    public required int Position { get; init; }

    /// <summary>Where in the file: a COCO annotation id or a line from 1; 0 where neither exists.</summary>
    public long Place { get; init; }

    public long? Id { get; init; }

    public double? Area { get; init; }

    /// <summary>The format itself says that the box has no extent, although its rule would give it one (VOC).</summary>
    public bool IsPoint { get; init; }

    public bool IsCrowd { get; init; }

    public bool IsIgnored { get; init; }

    public bool IsDifficult { get; init; }

    public SideValues? SideBlur { get; init; }

    public RawBox Scale(double x, double y) => this with { X1 = X1 * x, Y1 = Y1 * y, X2 = X2 * x, Y2 = Y2 * y };
}
