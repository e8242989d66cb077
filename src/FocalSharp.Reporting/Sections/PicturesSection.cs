using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Validation pictures, truth beside prediction.</summary>
internal static class PicturesSection
{
    public const string Advice = "Look these over for what is wrong everywhere, such as boxes that all lie a little off or a class that is never found.";

    private const int MaxExpanded = 6;

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        html.Add($"<p>Images that training never saw, spread evenly over the split. Colours are classes; a band shows how unsure an edge is. Click to enlarge.</p>");
        Figure.WritePairs(html, report.Pictures.Take(MaxExpanded));
        if (report.Pictures.Count > MaxExpanded)
        {
            html.Add($"<details><summary>{report.Pictures.Count - MaxExpanded} more</summary>");
            Figure.WritePairs(html, report.Pictures.Skip(MaxExpanded));
            html.Add($"</details>");
        }
    }
}
