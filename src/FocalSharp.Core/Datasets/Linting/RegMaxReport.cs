namespace FocalSharp.Datasets.Linting;

/// <summary>
/// Whether the head's distributions reach the sides of the boxes. A location at a box's centre must express half its width and
/// height, and a level's highest bin stands for <c>regMax · stride</c> pixels.
/// </summary>
/// <param name="RegMax">The checked highest bin.</param>
/// <param name="Strides">The checked strides.</param>
/// <param name="UnreachableSideFraction">Share of all box sides that lie beyond the reach, 0 to 1.</param>
/// <param name="UnreachableBoxFraction">Share of boxes whose farthest side lies beyond the reach, 0 to 1; the recommendation goes by
/// it.</param>
/// <param name="BoxesByLevel">Boxes that each level would take, finest level first.</param>
/// <param name="SmallestRegMax">The smallest regMax that suffices with these strides, or null where none up to 32 does.</param>
/// <param name="Recommendation">The setting to train with.</param>
public sealed record RegMaxReport(
    int RegMax,
    IReadOnlyList<int> Strides,
    double UnreachableSideFraction,
    double UnreachableBoxFraction,
    IReadOnlyList<int> BoxesByLevel,
    int? SmallestRegMax,
    RegMaxRecommendation Recommendation);

/// <summary>A setting of the head.</summary>
/// <param name="RegMax">Highest bin.</param>
/// <param name="Strides">Strides of the levels.</param>
/// <param name="UnreachableBoxFraction">Share of boxes beyond its reach.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record RegMaxRecommendation(int RegMax, IReadOnlyList<int> Strides, double UnreachableBoxFraction, string Reason);
