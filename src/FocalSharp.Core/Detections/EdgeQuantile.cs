using FocalSharp.Boxes;

namespace FocalSharp.Detections;

/// <summary>Where the four edges of a box lie with a given probability.</summary>
/// <param name="Probability">The probability τ, in [0, 1].</param>
/// <param name="Position">
/// For each edge the coordinate below which it lies with probability τ, in pixels of the original image: x for left and right, y
/// for top and bottom. Not cut to the image.
/// </param>
public readonly record struct EdgeQuantile(double Probability, SideValues Position);
