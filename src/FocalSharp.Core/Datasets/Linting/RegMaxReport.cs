namespace FocalSharp.Datasets.Linting;

/// <summary>
/// Whether the head's distributions reach the sides of the boxes. A location at the center of a box must represent half its width and
/// height, and the last bin of a level represents <c>regMax · stride</c> pixels.
/// </summary>
/// <param name="RegMax">The checked last bin.</param>
/// <param name="Strides">The checked strides.</param>
/// <param name="UnreachableSideFraction">Fraction of all box sides beyond the reach, between 0 and 1.</param>
/// <param name="UnreachableBoxFraction">Fraction of boxes with a side beyond the reach, between 0 and 1; determines the
/// recommendation.</param>
/// <param name="BoxesByLevel">Number of boxes per level, finest level first.</param>
/// <param name="SmallestRegMax">The smallest sufficient regMax with these strides, or null if none up to 32 is sufficient.</param>
/// <param name="Recommendation">The recommended setting.</param>
internal sealed record RegMaxReport(
    int RegMax,
    IReadOnlyList<int> Strides,
    double UnreachableSideFraction,
    double UnreachableBoxFraction,
    IReadOnlyList<int> BoxesByLevel,
    int? SmallestRegMax,
    RegMaxRecommendation Recommendation);

/// <summary>A setting of the head.</summary>
/// <param name="RegMax">The last bin.</param>
/// <param name="Strides">The strides of the levels.</param>
/// <param name="UnreachableBoxFraction">Fraction of boxes beyond the reach.</param>
/// <param name="Reason">The reason, as a sentence.</param>
internal sealed record RegMaxRecommendation(int RegMax, IReadOnlyList<int> Strides, double UnreachableBoxFraction, string Reason);
