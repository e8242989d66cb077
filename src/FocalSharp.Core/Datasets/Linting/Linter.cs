namespace FocalSharp.Datasets.Linting;

/// <summary>Runs lint rules over a data set.</summary>
internal static class Linter
{
    /// <summary>Runs the rules of the options in parallel.</summary>
    /// <param name="context">The data set and the options.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <returns>The findings, most severe first, then by code.</returns>
    public static IReadOnlyList<LintFinding> Run(LintContext context, CancellationToken cancellationToken = default)
    {
        LintFinding?[] found = new LintFinding?[context.Options.Rules.Count];
        Parallel.For(0, found.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => found[i] = context.Options.Rules[i].Check(context));
        return [.. found.OfType<LintFinding>().OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Id, StringComparer.Ordinal)];
    }
}
