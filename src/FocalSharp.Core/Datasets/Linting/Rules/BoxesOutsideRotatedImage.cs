namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Photos on their side whose boxes leave the picture as shown: drawn, it seems, on the stored pixels.</summary>
internal sealed class BoxesOutsideRotatedImage() : LintRule(
    "FS109", "exif-boxes", LintSeverity.Error,
    "photos that EXIF lays on their side and whose boxes leave the picture as shown: they seem drawn on the stored pixels",
    "turn the boxes, or store the photos upright and annotate their shown size")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        HashSet<string> outside =
        [
            .. context.Dataset.Problems
                .Where(problem => problem.Kind is DatasetProblemKind.OutsideBox or DatasetProblemKind.DegenerateBox && problem.Image is not null)
                .Select(problem => problem.Image!),
        ];
        foreach (DatasetImage image in context.Dataset.Images)
        {
            if (image.Orientation >= 5 && outside.Contains(image.FileName))
            {
                found.Add(image, $"EXIF orientation {image.Orientation}, shown as {image.Width}x{image.Height}, and boxes reach beyond that");
            }
        }
    }
}
