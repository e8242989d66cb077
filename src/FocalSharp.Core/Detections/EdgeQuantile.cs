using FocalSharp.Boxes;

namespace FocalSharp.Detections;

/// <summary>The coordinates of the four edges at one quantile.</summary>
/// <param name="Probability">The probability τ, in [0, 1].</param>
/// <param name="Position">
/// The coordinate below which each edge lies with probability τ, in pixels of the original image: x for left and right, y
/// for top and bottom. Not clipped to the image.
/// </param>
public readonly record struct EdgeQuantile(double Probability, SideValues Position);
