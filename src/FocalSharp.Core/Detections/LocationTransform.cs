namespace FocalSharp.Detections;

/// <summary>Converts distances in bins to pixels of the original image.</summary>
/// <param name="X">x coordinate of the location in pixels of the original image.</param>
/// <param name="Y">y coordinate of the location in pixels of the original image.</param>
/// <param name="UnitX">Horizontal size of one bin: stride divided by the image's scale.</param>
/// <param name="UnitY">Vertical size of one bin.</param>
internal readonly record struct LocationTransform(float X, float Y, float UnitX, float UnitY);
