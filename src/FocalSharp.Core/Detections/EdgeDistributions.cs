using FocalSharp.Distributions;

namespace FocalSharp.Detections;

/// <summary>
/// The four distributions from which a detection was decoded, over the distances from its location to the sides, in pixels of the
/// original image.
/// </summary>
/// <param name="X">x coordinate of the location in pixels of the original image, from which left and right distances are measured.</param>
/// <param name="Y">y coordinate of the location, from which top and bottom distances are measured.</param>
/// <param name="Left">Distances to the left side.</param>
/// <param name="Top">Distances to the top side.</param>
/// <param name="Right">Distances to the right side.</param>
/// <param name="Bottom">Distances to the bottom side.</param>
public sealed record EdgeDistributions(
    float X, float Y, SideDistribution Left, SideDistribution Top, SideDistribution Right, SideDistribution Bottom)
{
    /// <summary>Gets the distribution of a side by its index: 0 left, 1 top, 2 right, 3 bottom.</summary>
    public SideDistribution this[int side] => side switch
    {
        0 => Left,
        1 => Top,
        2 => Right,
        3 => Bottom,
        _ => throw new ArgumentOutOfRangeException(nameof(side), side, "A box has sides 0 to 3: left, top, right, bottom."),
    };
}
