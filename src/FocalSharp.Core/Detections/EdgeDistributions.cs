using FocalSharp.Distributions;

namespace FocalSharp.Detections;

/// <summary>
/// The four distributions that a detection was decoded from, over distances from its location to the sides, in pixels of the
/// original image.
/// </summary>
/// <param name="X">The location's x, in pixels of the original image; left and right are counted from it.</param>
/// <param name="Y">The location's y; top and bottom are counted from it.</param>
/// <param name="Left">Distances to the left edge.</param>
/// <param name="Top">Distances to the top edge.</param>
/// <param name="Right">Distances to the right edge.</param>
/// <param name="Bottom">Distances to the bottom edge.</param>
public sealed record EdgeDistributions(
    float X, float Y, SideDistribution Left, SideDistribution Top, SideDistribution Right, SideDistribution Bottom)
{
    /// <summary>The distribution of a side by its index: 0 left, 1 top, 2 right, 3 bottom.</summary>
    public SideDistribution this[int side] => side switch
    {
        0 => Left,
        1 => Top,
        2 => Right,
        3 => Bottom,
        _ => throw new ArgumentOutOfRangeException(nameof(side), side, "A box has sides 0 to 3: left, top, right, bottom."),
    };
}
