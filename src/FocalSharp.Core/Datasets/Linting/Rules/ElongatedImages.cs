namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images so elongated that their shorter side is very small at the input size.</summary>
internal sealed class ElongatedImages() : LintRule(
    "FS113", "elongated-image", LintSeverity.Note,
    "images so elongated that their shorter side is less than 64 px at the input size, and most of the input is padding",
    "cut them into tiles (convert --tiles), or train at a larger input size")
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
