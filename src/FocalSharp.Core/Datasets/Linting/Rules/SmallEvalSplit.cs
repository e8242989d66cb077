namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>An evaluation split that is too small to compare models.</summary>
internal sealed class SmallEvalSplit() : LintRule(
    "FS408", "small-eval-split", LintSeverity.Note,
    "a val or test split with fewer than 50 objects: its AP varies by several points by chance",
    "move more images to it, or compare models by the mean over several seeds")
{
    private const int MinObjects = 50;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (DatasetSplit split in (ReadOnlySpan<DatasetSplit>)[DatasetSplit.Val, DatasetSplit.Test])
        {
            int objects = context.ObjectsBySplit[(int)split].Sum();
            if (context.IsSplit && objects is > 0 and < MinObjects)
            {
                found.Add($"{Reading.SplitNames.GetName(split)} has {objects} objects");
            }
        }
    }
}
