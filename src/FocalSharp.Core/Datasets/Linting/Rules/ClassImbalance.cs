namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Classes with far fewer objects than the largest.</summary>
internal sealed class ClassImbalance() : LintRule(
    "FS303", "class-imbalance", LintSeverity.Warning,
    "classes with less than a twentieth of the largest class's objects: their AP will lag behind",
    "collect or label more of them first; more of the largest class helps least")
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
