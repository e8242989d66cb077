namespace FocalSharp.Datasets.Linting;

/// <summary>Runs the rules over a data set.</summary>
public static class Linter
{
    /// <summary>Runs every rule of <see cref="LintCatalog"/>, on all cores.</summary>
    /// <param name="context">What to look at.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What was found, worst first, then by code.</returns>
    public static IReadOnlyList<LintFinding> Run(LintContext context, CancellationToken cancellationToken = default)
    {
        LintFinding?[] found = new LintFinding?[LintCatalog.Rules.Count];
        Parallel.For(0, found.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => found[i] = LintCatalog.Rules[i].Check(context));
        return [.. found.OfType<LintFinding>().OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Id, StringComparer.Ordinal)];
    }
}
