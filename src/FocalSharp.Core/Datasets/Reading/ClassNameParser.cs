namespace FocalSharp.Datasets.Reading;

/// <summary>Parses class names in annotation files.</summary>
internal static class ClassNameParser
{
    /// <summary>Returns the name without control characters and surrounding white space; null if it is empty.</summary>
    public static string? Clean(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        string clean = ProblemLog.Sanitize(name).Trim();
        return clean.Length == 0 ? null : clean;
    }

    /// <summary>Returns the names in the lines of <c>classes.txt</c> or <c>labels.txt</c>; empty lines are skipped.</summary>
    public static List<string> FromLines(IEnumerable<string> lines) => [.. lines.Select(Clean).OfType<string>()];
}
