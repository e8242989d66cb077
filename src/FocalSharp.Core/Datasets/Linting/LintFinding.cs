namespace FocalSharp.Datasets.Linting;

/// <summary>What a rule found.</summary>
/// <param name="Id">The rule's code, as <c>FS101</c>; it never changes its meaning.</param>
/// <param name="Name">The rule's short name, as <c>missing-image</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Count">How many images, boxes or classes are concerned.</param>
/// <param name="Text">What was found, in a sentence.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Examples">The first places, at most <see cref="FocalSharp.Datasets.Linting.DatasetCheckOptions.MaxExamples"/>.</param>
public sealed record LintFinding(
    string Id, string Name, LintSeverity Severity, int Count, string Text, string Fix, IReadOnlyList<LintExample> Examples);
