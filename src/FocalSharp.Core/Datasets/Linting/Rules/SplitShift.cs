namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>A split to judge by whose classes are mixed otherwise than those to train on.</summary>
internal sealed class SplitShift() : LintRule(
    "FS409", "split-shift", LintSeverity.Note,
    "a val or test split whose mix of classes differs from train's by more than a fifth of its objects",
    "deal the images anew, or be sure that the difference is meant")
{
    private const double MostDistance = 0.2;
    private const int Fewest = 50;

    protected override void Look(LintContext context, LintCollector found)
    {
        int[] train = context.ObjectsBySplit[(int)DatasetSplit.Train];
        foreach (DatasetSplit split in (ReadOnlySpan<DatasetSplit>)[DatasetSplit.Val, DatasetSplit.Test])
        {
            int[] judged = context.ObjectsBySplit[(int)split];
            (double trainAll, double judgedAll) = (train.Sum(), judged.Sum());
            if (trainAll < Fewest || judgedAll < Fewest)
            {
                continue;
            }

            // Total variation: the share of objects that would have to change class.
            double distance = train.Zip(judged, (a, b) => Math.Abs((a / trainAll) - (b / judgedAll))).Sum() / 2;
            if (distance > MostDistance)
            {
                int most = Enumerable.Range(0, train.Length).MaxBy(label => Math.Abs((train[label] / trainAll) - (judged[label] / judgedAll)));
                found.Add(
                    $"{Reading.SplitNames.Of(split)} differs in {distance:P0} of its objects, most in '{context.Dataset.Classes[most]}': "
                    + $"{train[most] / trainAll:P0} of train, {judged[most] / judgedAll:P0} of {Reading.SplitNames.Of(split)}");
            }
        }
    }
}
