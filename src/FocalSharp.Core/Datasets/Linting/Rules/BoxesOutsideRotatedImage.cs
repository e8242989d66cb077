namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Photos that EXIF rotates and whose boxes extend beyond the displayed image: probably drawn on the stored pixels.</summary>
internal sealed class BoxesOutsideRotatedImage() : LintRule(
    "FS109", "exif-boxes", LintSeverity.Error,
    "photos that EXIF rotates and whose boxes extend beyond the displayed image: probably drawn on the stored pixels",
    "rotate the boxes, or store the photos upright and annotate their displayed size")
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
                found.Add(image, $"EXIF orientation {image.Orientation}, displayed as {image.Width}x{image.Height}; boxes extend beyond that");
            }
        }
    }
}
