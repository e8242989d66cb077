using System.Text.RegularExpressions;

namespace FocalSharp.Conventions.Tests.Words;

/// <summary>A line of <c>banned-words.txt</c>.</summary>
/// <param name="InNames">Whether it applies to names.</param>
/// <param name="InText">Whether it applies to text.</param>
/// <param name="Pattern">What is banned.</param>
/// <param name="Replacement">What to write instead.</param>
internal sealed record WordRule(bool InNames, bool InText, Regex Pattern, string Replacement)
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Compiled;

    /// <summary>Returns a rule for words, which ignores case.</summary>
    public static WordRule ForWords(string scope, string pattern, string replacement)
    {
        string bounded = scope is "name"
            ? (pattern.StartsWith('^') ? "" : @"\b") + $"(?:{pattern})" + (pattern.EndsWith('$') ? "" : @"\b")
            : $@"\b(?:{pattern})\b";
        return new WordRule(scope is "name" or "both", scope is "text" or "both", new Regex(bounded, Options | RegexOptions.IgnoreCase), replacement);
    }

    /// <summary>Returns a rule for one identifier in its exact case.</summary>
    public static WordRule ForIdentifier(string identifier, string replacement) =>
        new(InNames: true, InText: true, new Regex($@"\b{Regex.Escape(identifier)}\b", Options), replacement);
}
