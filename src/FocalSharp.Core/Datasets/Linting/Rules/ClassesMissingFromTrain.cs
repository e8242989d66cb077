namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Classes with evaluation objects only.</summary>
internal sealed class ClassesMissingFromTrain() : LintRule(
    "FS305", "class-not-trained", LintSeverity.Warning,
    "classes with objects in val or test but none in train: their AP will be 0 and lower the mean",
    "move images of these classes to train, or remove the class")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        for (int label = 0; context.IsSplit && label < context.Dataset.Classes.Count; label++)
        {
            if (context.CountTrainObjects(label) == 0 && context.CountEvalObjects(label) > 0)
            {
                found.Add($"'{context.Dataset.Classes[label]}', {context.CountEvalObjects(label)} evaluation objects");
            }
        }
    }
}
