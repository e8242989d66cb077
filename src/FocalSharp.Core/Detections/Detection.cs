using FocalSharp.Geometry;

namespace FocalSharp.Detections;

/// <summary>One detected object.</summary>
/// <param name="Box">Where it is, in pixels of the original image.</param>
/// <param name="Label">Its 0-based class index.</param>
/// <param name="Score">Joint estimate of class and localization quality, in [0, 1] (paper, section 3.1).</param>
/// <param name="Deviation">
/// Standard deviation of each side's learned distribution, in pixels of the original image: how unsure the detector is of
/// that edge.
/// </param>
public readonly record struct Detection(Box Box, int Label, float Score, SideValues Deviation);
