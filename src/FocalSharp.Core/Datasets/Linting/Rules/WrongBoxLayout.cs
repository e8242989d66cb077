using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes that do not fit their images in the layout of the format, but fit in another layout.</summary>
internal sealed class WrongBoxLayout() : LintRule(
    "FS205", "wrong-layout", LintSeverity.Error,
    "boxes that do not fit their images in the layout of the format, but fit in another: corners instead of width and height, or the reverse",
    "convert the boxes to the layout of the format; do not train on the data set as it is")
{
    // Evaluated over the whole data set: a few invalid boxes do not indicate another layout.
    private const int MinBoxes = 10;
    private const double MinMisfitFraction = 0.05;
    private const double MaxRemainingFraction = 0.1;
    private const double MaxRemainingFractionOfAll = 0.02;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        if (context.Dataset.ReadStatistics?.BoxLayouts is not { } statistics || statistics.Boxes < MinBoxes)
        {
            return;
        }

        int misfits = statistics.Boxes - statistics.CountFits(statistics.Declared);
        (BoxLayoutHypothesis best, int fits) = statistics.FindBest();
        int left = statistics.Boxes - fits;
        if (best == statistics.Declared || misfits < MinMisfitFraction * statistics.Boxes || left > MaxRemainingFraction * misfits || left > MaxRemainingFractionOfAll * statistics.Boxes)
        {
            return;
        }

        foreach (LintExample example in statistics.MisfitExamples)
        {
            found.Add(example);
        }

        found.AddCount(misfits - statistics.MisfitExamples.Count);
        found.Text = $"{misfits} of {statistics.Boxes} boxes do not fit as {statistics.Declared}; as {best}, all but {left} do";
    }
}
