namespace FocalSharp.Datasets.Linting;

/// <summary>One place to which a finding applies.</summary>
/// <param name="File">The annotation file, or null if unknown.</param>
/// <param name="Image">The file name of the image in the annotations, or null.</param>
/// <param name="Object">The object's position in its image from 0, or null.</param>
/// <param name="Box">The box, <c>x1, y1, x2, y2</c> in pixels of the displayed image, or null.</param>
/// <param name="Text">What is wrong, in one line.</param>
public sealed record LintExample(string? File, string? Image, int? Object, IReadOnlyList<float>? Box, string Text);
