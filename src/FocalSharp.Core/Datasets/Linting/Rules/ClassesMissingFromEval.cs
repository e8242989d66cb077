namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Classes with training objects only.</summary>
internal sealed class ClassesMissingFromEval() : LintRule(
    "FS306", "class-not-evaluated", LintSeverity.Warning,
    "classes with objects in train but none in val or test: their accuracy is not measured",
    "move some images of these classes to val or test")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        for (int label = 0; context.IsSplit && label < context.Dataset.Classes.Count; label++)
        {
            if (context.CountTrainObjects(label) > 0 && context.CountEvalObjects(label) == 0)
            {
                found.Add($"'{context.Dataset.Classes[label]}', {context.CountTrainObjects(label)} training objects");
            }
        }
    }
}
