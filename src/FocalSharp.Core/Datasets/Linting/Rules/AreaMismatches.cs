namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Objects whose stated area is impossible.</summary>
internal sealed class AreaMismatches() : LintRule(
    "FS211", "area-mismatch", LintSeverity.Warning,
    "objects whose stated area is not positive, so that training skips them, or larger than their box, so that APs, APm and APl classify them wrongly",
    "set 'area' to width times height, or to the area of the mask")
{
    // Tools round areas, and boxes to whole pixels.
    private const double Tolerance = 1.2;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach ((DatasetImage image, int index, ObjectAnnotation item) in context.EnumerateTargets())
        {
            // Boxes of VOC and some tools are inclusive: their area counts one more pixel in each direction.
            double max = Tolerance * (item.Box.Width + 1.0) * (item.Box.Height + 1.0);
            if (item.Area <= 0 || item.Area > max)
            {
                found.Add(image, index, $"area {item.Area:0.#}, its box {(double)item.Box.Width * item.Box.Height:0.#}");
            }
        }
    }
}
