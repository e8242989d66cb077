namespace FocalSharp.Datasets.Linting;

/// <summary>A check of the linter. Derive from it to add a check of your own, and pass it to <see cref="DatasetCheckOptions.Rules"/>.</summary>
/// <remarks>A rule must not modify the data set, and must be safe to run in parallel with other rules.</remarks>
/// <param name="id">The code, for example <c>FS101</c>; <c>FS</c> is reserved for the built-in rules.</param>
/// <param name="name">The short name, for example <c>missing-image</c>.</param>
/// <param name="severity">The severity of a finding.</param>
/// <param name="description">What the rule finds, as a clause without a period.</param>
/// <param name="fix">How to fix it, as a clause without a period.</param>
public abstract class LintRule(string id, string name, LintSeverity severity, string description, string fix)
{
    /// <summary>Gets the code; its meaning never changes.</summary>
    public string Id { get; } = id;

    /// <summary>Gets the short name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the severity of a finding.</summary>
    public LintSeverity Severity { get; } = severity;

    /// <summary>Gets what the rule finds.</summary>
    public string Description { get; } = description;

    /// <summary>Gets how to fix it.</summary>
    public string Fix { get; } = fix;

    /// <summary>Runs the rule.</summary>
    /// <param name="context">The data set and the model settings.</param>
    /// <returns>The finding, or null if there is none.</returns>
    public LintFinding? Check(LintContext context)
    {
        LintCollector found = new(context.Options.MaxExamples);
        Analyze(context, found);
        return found.Count == 0
            ? null
            : new LintFinding(Id, Name, Severity, found.Count, found.Text ?? Description, Fix, found.Examples);
    }

    /// <summary>Analyzes the data set and adds every place to which the rule applies.</summary>
    /// <param name="context">The data set and the model settings.</param>
    /// <param name="found">Receives the places.</param>
    protected abstract void Analyze(LintContext context, LintCollector found);
}
