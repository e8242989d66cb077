using System.Text.RegularExpressions;
using FocalSharp.Reporting;

namespace FocalSharp.Explorer.Reports;

/// <summary>Rewrites the links of a report's numbers.</summary>
internal static partial class ReportLinks
{
    /// <summary>Makes links to the images relative, so that they work on any port.</summary>
    public static string ToRelative(string html) => Absolute().Replace(html, $"<a class=\"images\" href=\"{ImageLinks.Page}?");

    [GeneratedRegex("<a class=\"images\" href=\"http://127\\.0\\.0\\.1:[0-9]{1,5}/" + ImageLinks.Page + "\\?", RegexOptions.CultureInvariant)]
    private static partial Regex Absolute();
}
