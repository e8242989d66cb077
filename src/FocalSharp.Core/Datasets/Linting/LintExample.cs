namespace FocalSharp.Datasets.Linting;

/// <summary>One place where a finding shows.</summary>
/// <param name="File">The annotation file where it is known, else null.</param>
/// <param name="Image">The image, as the annotations name it, or null.</param>
/// <param name="Object">The object's position in its image from 0, or null.</param>
/// <param name="Box">The box, <c>x1, y1, x2, y2</c> in pixels of the image as shown, or null.</param>
/// <param name="Text">What is wrong there, in one line.</param>
public sealed record LintExample(string? File, string? Image, int? Object, IReadOnlyList<float>? Box, string Text);
