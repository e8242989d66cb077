using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>A data set without a labeled val or test split.</summary>
internal sealed class MissingEvalSplit() : LintRule(
    "FS407", "no-eval-split", LintSeverity.Note,
    "no labeled val or test split: training holds out 20 % of the images (by file-name hash)",
    "create a val split by source (video, place, day), so that it measures generalization")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        bool evaluated = Enumerable.Range(0, context.Dataset.Classes.Count).Any(label => context.CountEvalObjects(label) > 0);
        if (!evaluated)
        {
            found.Add($"{context.Dataset.Images.Count} images without an evaluation split");
            int unlabeled = context.Dataset.Images.Count(image => image.Split == DatasetSplit.Val);
            found.Text = context.Dataset.MissingSplits.FirstOrDefault(split => split.Split is DatasetSplit.Val or DatasetSplit.Test) is { Name: { } missing } lost
                    ? $"the {(lost.Split == DatasetSplit.Test ? "test" : "val")} split, '{ProblemLog.Sanitize(missing)}', does not exist: training stops, rather than replace it by training images"
                : unlabeled == 0 ? null : $"the val split ({unlabeled} images) has no labeled object: training stops, rather than replace it by training images";
        }
    }
}
