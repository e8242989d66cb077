namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Photos that EXIF turns or mirrors.</summary>
internal sealed class ExifRotatedImages() : LintRule(
    "FS108", "exif-rotation", LintSeverity.Note,
    "photos that EXIF turns or mirrors; their boxes are taken as drawn on the picture as shown",
    "look at one with its boxes (focalsharp explore); store the photos upright where boxes were drawn on the stored pixels")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (DatasetImage image in context.Dataset.Images)
        {
            if (image.Orientation != 1)
            {
                found.Add(image, $"EXIF orientation {image.Orientation}, shown as {image.Width}x{image.Height}");
            }
        }
    }
}
