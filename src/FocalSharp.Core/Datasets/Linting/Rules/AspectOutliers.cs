namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes whose aspect ratio is unusual for their class.</summary>
internal sealed class AspectOutliers() : LintRule(
    "FS209", "aspect-outlier", LintSeverity.Note,
    "boxes whose aspect ratio is unusual for their class (beyond 6 robust deviations and 5 : 1): accidental boxes, or swapped coordinates",
    "check the examples and redraw wrong boxes")
{
    private const double MaxDeviations = 6;
    private const double MinRatio = 5;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        RobustSpread?[] spreads = RobustSpread.ComputePerClass(context, LogRatio);
        foreach ((DatasetImage image, int index, ObjectAnnotation item) in context.EnumerateTargets())
        {
            double value = LogRatio(item);
            if (spreads[item.Label] is { } spread && spread.Distance(value) > MaxDeviations && Math.Abs(value) > Math.Log(MinRatio))
            {
                found.Add(image, index, $"'{context.Dataset.Classes[item.Label]}' of {item.Box.Width:0.#}x{item.Box.Height:0.#} px, usually {Math.Exp(spread.Median):0.##} : 1");
            }
        }
    }

    private static double LogRatio(ObjectAnnotation item) => Math.Log((double)item.Box.Width / item.Box.Height);
}
