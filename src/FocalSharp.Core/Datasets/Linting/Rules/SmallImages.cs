namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images that training skips because of their size.</summary>
internal sealed class SmallImages() : LintRule(
    "FS112", "small-image", LintSeverity.Warning,
    "images with a side so short that training skips them (recipe key minImageSize, official: 32 px)",
    "remove them, or lower minImageSize")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (DatasetImage image in context.Dataset.Images)
        {
            if (Math.Min(image.Width, image.Height) < context.Options.MinImageSize)
            {
                found.Add(image, $"{image.Width}x{image.Height}");
            }
        }
    }
}
