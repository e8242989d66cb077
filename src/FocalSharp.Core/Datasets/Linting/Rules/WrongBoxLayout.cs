namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes that do not fit their images in the layout of the format, but fit in another layout.</summary>
internal sealed class WrongBoxLayout() : LintRule(
    "FS205", "wrong-layout", LintSeverity.Error,
    "boxes that do not fit their images in the layout of the format, but fit in another: corners instead of width and height, or the reverse",
    "convert the boxes to the layout of the format; do not train on the data set as it is")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        if (context.Dataset.ReadStatistics?.BoxLayouts is not { } statistics || statistics.FindContradiction() is not { } text)
        {
            return;
        }

        foreach (LintExample example in statistics.MisfitExamples)
        {
            found.Add(example);
        }

        found.AddCount(statistics.Boxes - statistics.CountFits(statistics.Declared) - statistics.MisfitExamples.Count);
        found.Text = text;
    }
}
