namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Passes on what reading found of one kind.</summary>
internal sealed class ReadingRule(
    DatasetProblemKind kind, string id, string name, LintSeverity severity, string finds, string remedy) : LintRule(id, name, severity, finds, remedy)
{
    public DatasetProblemKind Kind { get; } = kind;

    protected override void Look(LintContext context, LintCollector found)
    {
        foreach (DatasetProblem problem in context.Dataset.Problems)
        {
            if (problem.Kind == Kind)
            {
                found.Add(new LintExample(problem.File, problem.Image, problem.Object, null, problem.Message));
            }
        }
    }
}
