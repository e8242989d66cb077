namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Classes that are trained and never judged.</summary>
internal sealed class ClassesMissingFromEval() : LintRule(
    "FS306", "class-not-judged", LintSeverity.Warning,
    "classes with objects in train and none in val or test: nothing tells how well they are found",
    "move some images with them to val or test")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        for (int label = 0; context.IsSplit && label < context.Dataset.Classes.Count; label++)
        {
            if (context.CountTrainObjects(label) > 0 && context.CountEvalObjects(label) == 0)
            {
                found.Add($"'{context.Dataset.Classes[label]}', {context.CountTrainObjects(label)} objects to train on");
            }
        }
    }
}
