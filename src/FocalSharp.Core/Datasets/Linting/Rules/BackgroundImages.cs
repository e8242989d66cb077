namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images without objects.</summary>
internal sealed class BackgroundImages() : LintRule(
    "FS309", "no-objects", LintSeverity.Note,
    "images without objects: background images, or images that were not annotated",
    "check them; training skips them unless the recipe sets dropEmptyImages: false")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (DatasetImage image in context.Dataset.Images)
        {
            if (image.Objects.Count == 0)
            {
                found.Add(image, "no objects");
            }
        }

        if (found.Count > 0)
        {
            found.Text = $"{found.Count} of {context.Dataset.Images.Count} images have no objects: background images, or images that were not annotated";
        }
    }
}
