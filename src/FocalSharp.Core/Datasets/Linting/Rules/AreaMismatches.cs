namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Objects whose stated area cannot be theirs.</summary>
internal sealed class AreaMismatches() : LintRule(
    "FS211", "area-mismatch", LintSeverity.Warning,
    "objects whose stated area is not positive, so that training leaves them out, or larger than their box, so that APs, APm and APl sort them wrongly",
    "write width times height, or the mask's area, as 'area'")
{
    // Areas are rounded by tools, and boxes to whole pixels.
    private const double Tolerance = 1.2;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach ((DatasetImage image, int index, ObjectAnnotation item) in context.EnumerateTargets())
        {
            // VOC's and some tools' boxes are inclusive: their area counts a pixel more each way.
            double max = Tolerance * (item.Box.Width + 1.0) * (item.Box.Height + 1.0);
            if (item.Area <= 0 || item.Area > max)
            {
                found.Add(image, index, $"area {item.Area:0.#}, its box {(double)item.Box.Width * item.Box.Height:0.#}");
            }
        }
    }
}
