namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Classes with far fewer objects than the largest.</summary>
internal sealed class ClassImbalance() : LintRule(
    "FS303", "class-imbalance", LintSeverity.Warning,
    "classes with less than 5 % of the objects of the largest class: expect a lower AP for them",
    "collect or label more objects of these classes first")
{
    private const double MaxRatio = 20;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        int[] all = [.. context.Dataset.Classes.Select((_, label) => context.CountTrainObjects(label) + context.CountEvalObjects(label))];
        int largest = all.DefaultIfEmpty().Max();
        for (int label = 0; label < all.Length; label++)
        {
            if (all[label] > 0 && largest > MaxRatio * all[label])
            {
                found.Add($"'{context.Dataset.Classes[label]}' has {all[label]} objects, 1 for {(double)largest / all[label]:0} of '{context.Dataset.Classes[Array.IndexOf(all, largest)]}'");
            }
        }
    }
}
