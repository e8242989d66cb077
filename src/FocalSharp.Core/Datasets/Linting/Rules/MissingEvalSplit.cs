namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>A data set without a labelled val or test split.</summary>
internal sealed class MissingEvalSplit() : LintRule(
    "FS407", "no-judging-split", LintSeverity.Note,
    "no labelled val or test split: training holds a fifth of the images out by a hash of their names",
    "make a val split by source (film, place, day), so that it asks for what is new")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        bool evaluated = Enumerable.Range(0, context.Dataset.Classes.Count).Any(label => context.CountEvalObjects(label) > 0);
        if (!evaluated)
        {
            found.Add($"{context.Dataset.Images.Count} images without a part to judge by");
        }
    }
}
