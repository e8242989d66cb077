namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Classes with very few training objects.</summary>
internal sealed class RareClasses() : LintRule(
    "FS307", "rare-class", LintSeverity.Note,
    "classes with fewer than 10 training objects: too few to train on, and their AP is unreliable",
    "label more, merge them with a similar class, or remove them")
{
    private const int MinObjects = 10;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        for (int label = 0; label < context.Dataset.Classes.Count; label++)
        {
            int trained = context.IsSplit ? context.CountTrainObjects(label) : context.CountTrainObjects(label) + context.CountEvalObjects(label);
            if (trained is > 0 and < MinObjects)
            {
                found.Add($"'{context.Dataset.Classes[label]}' has {trained}");
            }
        }
    }
}
