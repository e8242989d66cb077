namespace FocalSharp.Datasets.Linting;

/// <summary>The finding of a lint rule.</summary>
/// <param name="Id">The rule's code, for example <c>FS101</c>; its meaning never changes.</param>
/// <param name="Name">The rule's short name, for example <c>missing-image</c>.</param>
/// <param name="Severity">The severity.</param>
/// <param name="Count">The number of images, boxes or classes concerned.</param>
/// <param name="Text">What was found, as a clause.</param>
/// <param name="Fix">How to fix it.</param>
/// <param name="Examples">The first places, at most <see cref="DatasetCheckOptions.MaxExamples"/>.</param>
public sealed record LintFinding(
    string Id, string Name, LintSeverity Severity, int Count, string Text, string Fix, IReadOnlyList<LintExample> Examples);
