namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes whose right edge is left of their left edge, or whose bottom edge is above their top edge.</summary>
internal sealed class InvertedCorners() : LintRule(
    "FS204", "inverted-corners", LintSeverity.Error,
    "boxes whose corners are in the wrong order (x2 < x1, or a negative width or height); they are skipped",
    "write the upper left corner first; if nearly all boxes are affected, see FS205")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        if (context.Dataset.ReadStatistics?.BoxLayouts is { Inverted: > 0 } coordinates)
        {
            foreach (LintExample example in coordinates.InvertedExamples)
            {
                found.Add(example);
            }

            found.AddCount(coordinates.Inverted - coordinates.InvertedExamples.Count);
        }
    }
}
