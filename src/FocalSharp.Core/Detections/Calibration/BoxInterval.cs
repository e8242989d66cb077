using FocalSharp.Boxes;

namespace FocalSharp.Detections;

/// <summary>Where the true edges of a detected object lie with a stated probability, in pixels of the original image.</summary>
/// <param name="Level">The probability, for example 0.9. It holds for detections of real objects; docs/uncertainty.md states the conditions.</param>
/// <param name="Lower">The lower bound of each edge's coordinate: each edge by itself lies within its bounds with probability <paramref name="Level"/>.</param>
/// <param name="Upper">The upper bound of each edge's coordinate.</param>
/// <param name="Inner">The box that the true box contains; null if the bounds of opposite edges overlap or too few examples were available.</param>
/// <param name="Outer">
/// The box that contains the true box; null if too few examples were available. <paramref name="Inner"/> and <paramref name="Outer"/> hold for all
/// four edges at once with probability <paramref name="Level"/>.
/// </param>
public readonly record struct BoxInterval(double Level, SideValues Lower, SideValues Upper, Box? Inner, Box? Outer);
