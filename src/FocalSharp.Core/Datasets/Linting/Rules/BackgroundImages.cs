namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images without an object.</summary>
internal sealed class BackgroundImages() : LintRule(
    "FS309", "no-objects", LintSeverity.Note,
    "images without an object: background if that is meant, forgotten ones if not",
    "look through them; training leaves them out unless the recipe says dropEmptyImages: false")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (DatasetImage image in context.Dataset.Images)
        {
            if (image.Objects.Count == 0)
            {
                found.Add(image, "no object");
            }
        }

        if (found.Count > 0)
        {
            found.Text = $"{found.Count} of {context.Dataset.Images.Count} images have no object: background if that is meant, forgotten ones if not";
        }
    }
}
