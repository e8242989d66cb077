namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Photos that EXIF rotates or mirrors.</summary>
internal sealed class ExifRotatedImages() : LintRule(
    "FS108", "exif-rotation", LintSeverity.Note,
    "photos that EXIF rotates or mirrors; their boxes are assumed to refer to the displayed image",
    "check one with its boxes in a viewer; store the photos upright if boxes were drawn on the stored pixels")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (DatasetImage image in context.Dataset.Images)
        {
            if (image.Orientation != 1)
            {
                found.Add(image, $"EXIF orientation {image.Orientation}, displayed as {image.Width}x{image.Height}");
            }
        }
    }
}
