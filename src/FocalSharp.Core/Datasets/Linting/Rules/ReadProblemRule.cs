using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Reports the problems of one kind found while reading.</summary>
internal sealed class ReadProblemRule(
    DatasetProblemKind kind, string id, string name, LintSeverity severity, string description, string fix) : LintRule(id, name, severity, description, fix)
{
    public DatasetProblemKind Kind { get; } = kind;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        // One example of each cause first: a mistake in every file would hide the others.
        HashSet<DatasetProblem> described = new(ReferenceEqualityComparer.Instance);
        foreach (ProblemGroup group in ProblemGroup.Create(context.Dataset.Problems.Where(problem => problem.Kind == Kind)).Where(group => group.Count > group.Examples.Count))
        {
            described.Add(group.First);
            found.Add(new LintExample(group.First.File, group.First.Image, group.First.Object, null, group.Describe()));
        }

        foreach (DatasetProblem problem in context.Dataset.Problems)
        {
            if (problem.Kind == Kind && !described.Remove(problem))
            {
                found.Add(new LintExample(problem.File, problem.Image, problem.Object, null, problem.Message));
            }
        }
    }
}
