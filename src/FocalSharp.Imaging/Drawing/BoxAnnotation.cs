using FocalSharp.Boxes;

namespace FocalSharp.Imaging.Drawing;

/// <summary>A box to point out, whatever it stands for.</summary>
/// <param name="Box">Where it is, in pixels of the image.</param>
/// <param name="Color">Its colour.</param>
/// <param name="Label">What to write at it, or null.</param>
/// <param name="Dashed">Dashed, as annotated boxes are, instead of solid.</param>
public sealed record BoxAnnotation(Box Box, RgbColor Color, string? Label = null, bool Dashed = false);
