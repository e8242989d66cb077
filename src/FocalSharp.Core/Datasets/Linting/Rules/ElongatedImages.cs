namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images so long that little is left of their shorter side at the input size.</summary>
internal sealed class ElongatedImages() : LintRule(
    "FS113", "slender-image", LintSeverity.Note,
    "images so long and thin that their shorter side has less than 64 px at the input size, most of the input being padding",
    "cut them into tiles, or train at a larger --size")
{
    private const double MinShortSide = 64;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (DatasetImage image in context.Dataset.Images)
        {
            (double x, double y) = context.Options.ScaleOf(image.Width, image.Height);
            double shorter = Math.Min(image.Width * x, image.Height * y);
            if (shorter < MinShortSide && Math.Min(image.Width, image.Height) >= context.Options.MinImageSize)
            {
                found.Add(image, $"{image.Width}x{image.Height}, {shorter:0} px at the input size");
            }
        }
    }
}
