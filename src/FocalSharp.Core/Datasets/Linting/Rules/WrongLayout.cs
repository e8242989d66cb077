using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes that do not fit their images as the format reads them, and do fit as another format does.</summary>
internal sealed class WrongLayout() : LintRule(
    "FS205", "wrong-layout", LintSeverity.Error,
    "box numbers that make no sense in the order that the format prescribes and fit in another: corners for width and height, or the other way round",
    "convert the numbers to the format's order and read the data set again; do not train on it as it is")
{
    // Judged over the whole set: a few odd boxes are odd boxes, not another convention.
    private const int LeastBoxes = 10;
    private const double LeastMisfits = 0.05;
    private const double MostLeft = 0.1;
    private const double MostLeftOfAll = 0.02;

    protected override void Look(LintContext context, LintCollector found)
    {
        if (context.Dataset.Evidence?.Coordinates is not { } evidence || evidence.Boxes < LeastBoxes)
        {
            return;
        }

        int misfits = evidence.Boxes - evidence.Fits(evidence.Declared);
        (BoxReading best, int fits) = evidence.Best();
        int left = evidence.Boxes - fits;
        if (best == evidence.Declared || misfits < LeastMisfits * evidence.Boxes || left > MostLeft * misfits || left > MostLeftOfAll * evidence.Boxes)
        {
            return;
        }

        foreach (LintExample example in evidence.MisfitExamples)
        {
            found.Add(example);
        }

        found.AddUnseen(misfits - evidence.MisfitExamples.Count);
        found.Text = $"{misfits} of {evidence.Boxes} boxes make no sense as {evidence.Declared}; as {best} all but {left} do";
    }
}
