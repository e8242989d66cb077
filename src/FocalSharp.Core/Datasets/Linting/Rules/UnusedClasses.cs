namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Classes without objects.</summary>
internal sealed class UnusedClasses() : LintRule(
    "FS304", "unused-class", LintSeverity.Warning,
    "classes without objects: unused names, a supercategory exported as a class, or ids that do not match the names",
    "remove the names, or check the ids")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        for (int label = 0; label < context.Dataset.Classes.Count; label++)
        {
            if (context.CountTrainObjects(label) + context.CountEvalObjects(label) == 0)
            {
                found.Add($"'{context.Dataset.Classes[label]}' (label {label})");
            }
        }
    }
}
