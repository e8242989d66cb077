namespace FocalSharp.Evaluation.Coco;

/// <summary>A named range of object areas in square pixels, inclusive at both ends, as in the reference COCOeval.</summary>
/// <param name="Name">The name in tables: all, small, medium or large.</param>
/// <param name="Min">Minimum area.</param>
/// <param name="Max">Maximum area.</param>
public readonly record struct AreaRange(string Name, double Min, double Max)
{
    /// <summary>Gets COCO's four ranges; an area of exactly 32² is both small and medium.</summary>
    public static IReadOnlyList<AreaRange> Coco { get; } =
    [
        new("all", 0, 1e10),
        new("small", 0, 32 * 32),
        new("medium", 32 * 32, 96 * 96),
        new("large", 96 * 96, 1e10),
    ];

    /// <summary>Returns whether an area is within the range.</summary>
    public bool Contains(double area) => !(area < Min || area > Max);
}
