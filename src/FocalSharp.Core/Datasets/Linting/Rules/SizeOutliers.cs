namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes whose size is unusual for their class.</summary>
internal sealed class SizeOutliers() : LintRule(
    "FS210", "size-outlier", LintSeverity.Note,
    "boxes much smaller or larger than the others of their class (beyond 6 robust deviations of the logarithm): accidental clicks, or boxes around groups",
    "check the examples; remove, split or redraw wrong boxes")
{
    private const double MaxDeviations = 6;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        RobustSpread?[] spreads = RobustSpread.ComputePerClass(context, LogSize);
        foreach ((DatasetImage image, int index, ObjectAnnotation item) in context.EnumerateTargets())
        {
            double value = LogSize(item);
            if (spreads[item.Label] is { } spread && spread.Distance(value) > MaxDeviations)
            {
                found.Add(image, index, $"'{context.Dataset.Classes[item.Label]}' of {item.Box.Width:0.#}x{item.Box.Height:0.#} px, usually about {Math.Exp(spread.Median):0} px across");
            }
        }
    }

    private static double LogSize(ObjectAnnotation item) => Math.Log(Math.Max(1e-6, (double)item.Box.Width * item.Box.Height)) / 2;
}
