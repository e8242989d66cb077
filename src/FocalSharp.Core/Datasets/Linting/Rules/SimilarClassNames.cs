namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Class names that differ only in spelling.</summary>
internal sealed class SimilarClassNames() : LintRule(
    "FS308", "similar-names", LintSeverity.Warning,
    "class names that differ only in case, spaces, hyphens or a plural s: probably one class with two spellings",
    "use one name everywhere")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (IGrouping<string, string> group in context.Dataset.Classes.GroupBy(NormalizeName).Where(group => group.Count() > 1))
        {
            found.Add(string.Join(", ", group.Select(name => $"'{name}'")));
        }
    }

    private static string NormalizeName(string name)
    {
        string letters = string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return letters.Length == 0 ? name : letters.Length > 3 && letters.EndsWith('S') ? letters[..^1] : letters;
    }
}
