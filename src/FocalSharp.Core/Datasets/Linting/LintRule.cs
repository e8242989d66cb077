namespace FocalSharp.Datasets.Linting;

/// <summary>One thing that the linter looks for. A rule reads the data set and what is known of its pictures, and changes nothing.</summary>
/// <param name="id">Code, as <c>FS101</c>.</param>
/// <param name="name">Short name, as <c>missing-image</c>.</param>
/// <param name="severity">How much a finding matters.</param>
/// <param name="description">What it finds, in a sentence without a full stop.</param>
/// <param name="fix">What to do about it, likewise.</param>
public abstract class LintRule(string id, string name, LintSeverity severity, string description, string fix)
{
    /// <summary>Code; it never changes its meaning.</summary>
    public string Id { get; } = id;

    /// <summary>Short name.</summary>
    public string Name { get; } = name;

    /// <summary>How much a finding matters.</summary>
    public LintSeverity Severity { get; } = severity;

    /// <summary>What it finds.</summary>
    public string Description { get; } = description;

    /// <summary>What to do about it.</summary>
    public string Fix { get; } = fix;

    /// <summary>Looks for it; null where there is nothing.</summary>
    public LintFinding? Check(LintContext context)
    {
        LintCollector found = new(context.Options.MaxExamples);
        Analyze(context, found);
        return found.Count == 0
            ? null
            : new LintFinding(Id, Name, Severity, found.Count, found.Text ?? Description, Fix, found.Examples);
    }

    /// <summary>Adds what is found.</summary>
    protected abstract void Analyze(LintContext context, LintCollector found);
}
