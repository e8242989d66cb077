using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes that do not fit their images as the format reads them, and do fit as another format does.</summary>
internal sealed class WrongBoxLayout() : LintRule(
    "FS205", "wrong-layout", LintSeverity.Error,
    "box numbers that make no sense in the order that the format prescribes and fit in another: corners for width and height, or the other way round",
    "convert the numbers to the format's order and read the data set again; do not train on it as it is")
{
    // Judged over the whole set: a few odd boxes are odd boxes, not another convention.
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
        found.Text = $"{misfits} of {statistics.Boxes} boxes make no sense as {statistics.Declared}; as {best} all but {left} do";
    }
}
