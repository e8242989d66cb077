namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Reports the problems of one kind found while reading.</summary>
internal sealed class ReadProblemRule(
    DatasetProblemKind kind, string id, string name, LintSeverity severity, string description, string fix) : LintRule(id, name, severity, description, fix)
{
    public DatasetProblemKind Kind { get; } = kind;

    protected override void Analyze(LintContext context, LintCollector found)
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
