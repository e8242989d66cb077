using FocalSharp.Geometry;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes that cover their whole image.</summary>
internal sealed class WholeImageBoxes() : LintRule(
    "FS208", "whole-image-box", LintSeverity.Note,
    "boxes that cover their whole image: often a label of the image instead of an object, or a tool's placeholder",
    "check them; draw the object, or remove the box")
{
    private const float Share = 0.99f;

    protected override void Look(LintContext context, LintCollector found)
    {
        foreach ((DatasetImage image, int index, ObjectAnnotation item) in context.Targets())
        {
            Box box = item.Box.Clip(image.Width, image.Height);
            if (box.Width >= Share * image.Width && box.Height >= Share * image.Height)
            {
                found.Add(image, index, $"'{context.Dataset.Classes[item.Label]}' over the whole of {image.Width}x{image.Height}");
            }
        }
    }
}
