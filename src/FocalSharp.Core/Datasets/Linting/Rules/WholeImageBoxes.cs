using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes that cover their whole image.</summary>
internal sealed class WholeImageBoxes() : LintRule(
    "FS208", "whole-image-box", LintSeverity.Note,
    "boxes that cover the whole image: often a label of the image instead of an object, or a placeholder of a tool",
    "check them; draw a box around the object, or remove it")
{
    private const float MinCoverage = 0.99f;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach ((DatasetImage image, int index, ObjectAnnotation item) in context.EnumerateTargets())
        {
            Box box = item.Box.Clip(image.Width, image.Height);
            if (box.Width >= MinCoverage * image.Width && box.Height >= MinCoverage * image.Height)
            {
                found.Add(image, index, $"'{context.Dataset.Classes[item.Label]}' covers the whole image of {image.Width}x{image.Height}");
            }
        }
    }
}
