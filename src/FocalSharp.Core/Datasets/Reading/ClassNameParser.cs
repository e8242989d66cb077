namespace FocalSharp.Datasets.Reading;

/// <summary>Class names as files give them.</summary>
internal static class ClassNameParser
{
    /// <summary>The name on one line without control characters or outer blanks; null where nothing is left.</summary>
    public static string? Clean(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        string clean = ProblemLog.Sanitize(name).Trim();
        return clean.Length == 0 ? null : clean;
    }

    /// <summary>Names from the lines of <c>classes.txt</c> or <c>labels.txt</c>; empty lines at the end are no classes.</summary>
    public static List<string> FromLines(IEnumerable<string> lines) => [.. lines.Select(Clean).OfType<string>()];
}
