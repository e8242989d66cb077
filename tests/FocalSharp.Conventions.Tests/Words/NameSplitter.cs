using System.Text.RegularExpressions;

namespace FocalSharp.Conventions.Tests.Words;

/// <summary>Splits identifiers and file names into words.</summary>
internal static partial class NameSplitter
{
    /// <summary>Returns the words in lower case, separated by spaces: "MaxBoxesPerImage" gives "max boxes per image".</summary>
    public static string Split(string name) =>
        string.Join(' ', Word().Matches(name).Select(match => match.Value.ToLowerInvariant()));

    [GeneratedRegex(@"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
