using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Pictures of evaluated images: annotations and predictions.</summary>
internal static class PicturesSection
{
    public const string Advice = "Look for systematic errors, such as boxes with a constant offset or a class that is never detected.";

    private const int MaxExpanded = 6;

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        html.Add($"<p>Images that were not used for training, evenly spaced in the split. Colors are classes; the width of a band is the uncertainty of an edge. Click to enlarge.</p>");
        Figure.WritePairs(html, report.Pictures.Take(MaxExpanded));
        if (report.Pictures.Count > MaxExpanded)
        {
            html.Add($"<details><summary>{report.Pictures.Count - MaxExpanded} more</summary>");
            Figure.WritePairs(html, report.Pictures.Skip(MaxExpanded));
            html.Add($"</details>");
        }
    }
}
