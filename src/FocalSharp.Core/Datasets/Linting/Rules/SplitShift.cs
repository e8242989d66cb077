namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>An evaluation split with a different class distribution than the training split.</summary>
internal sealed class SplitShift() : LintRule(
    "FS409", "split-shift", LintSeverity.Note,
    "a val or test split whose class distribution differs from that of train by more than 20 % of its objects",
    "split the images again, unless the difference is intended")
{
    private const double MaxDistance = 0.2;
    private const int MinObjects = 50;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        int[] train = context.ObjectsBySplit[(int)DatasetSplit.Train];
        foreach (DatasetSplit split in (ReadOnlySpan<DatasetSplit>)[DatasetSplit.Val, DatasetSplit.Test])
        {
            int[] evaluated = context.ObjectsBySplit[(int)split];
            (double trainTotal, double evaluatedTotal) = (train.Sum(), evaluated.Sum());
            if (trainTotal < MinObjects || evaluatedTotal < MinObjects)
            {
                continue;
            }

            // Total variation distance: the fraction of objects that would have to change class.
            double distance = train.Zip(evaluated, (a, b) => Math.Abs((a / trainTotal) - (b / evaluatedTotal))).Sum() / 2;
            if (distance > MaxDistance)
            {
                int max = Enumerable.Range(0, train.Length).MaxBy(label => Math.Abs((train[label] / trainTotal) - (evaluated[label] / evaluatedTotal)));
                found.Add(
                    $"{Reading.SplitNames.GetName(split)} differs in {distance:P0} of its objects, mostly in '{context.Dataset.Classes[max]}': "
                    + $"{train[max] / trainTotal:P0} of train, {evaluated[max] / evaluatedTotal:P0} of {Reading.SplitNames.GetName(split)}");
            }
        }
    }
}
