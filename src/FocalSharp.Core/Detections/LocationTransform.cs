namespace FocalSharp.Detections;

/// <summary>What a candidate's distances are counted from and in, in pixels of the original image.</summary>
/// <param name="X">The location's x.</param>
/// <param name="Y">The location's y.</param>
/// <param name="UnitX">What one bin is worth across: stride over the image's scale.</param>
/// <param name="UnitY">What one bin is worth down.</param>
internal readonly record struct LocationTransform(float X, float Y, float UnitX, float UnitY);
