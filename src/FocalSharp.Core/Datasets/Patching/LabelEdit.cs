using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Patching;

/// <summary>A label as a patch names it: by class and box, which stay the same when a data set is exported again.</summary>
/// <param name="Class">The class name.</param>
/// <param name="Box">The box in pixels of the displayed image.</param>
internal sealed record PatchLabel(string Class, Box Box);

/// <summary>One correction of a label.</summary>
/// <param name="Image">The file name of the image, with as many parent folders as it needs to be unique.</param>
/// <param name="Before">The label to replace or to delete; null to add one.</param>
/// <param name="After">The new label; null to delete.</param>
internal sealed record LabelEdit(string Image, PatchLabel? Before, PatchLabel? After);
