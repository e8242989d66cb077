using FocalSharp.Boxes;

namespace FocalSharp.Imaging.Drawing;

/// <summary>A box to draw.</summary>
/// <param name="Box">The box, in pixels of the image.</param>
/// <param name="Color">Its color.</param>
/// <param name="Label">The text to draw at it, or null.</param>
/// <param name="Dashed">Whether it is dashed, as ground truth, instead of solid.</param>
internal sealed record BoxAnnotation(Box Box, RgbColor Color, string? Label = null, bool Dashed = false);
