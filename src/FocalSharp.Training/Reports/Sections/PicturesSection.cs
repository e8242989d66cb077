using FocalSharp.Training.Reports.Markup;

namespace FocalSharp.Training.Reports.Sections;

/// <summary>Validation pictures, truth beside prediction.</summary>
internal static class PicturesSection
{
    public const string Advice = "Look these over for what is wrong everywhere, such as boxes that all lie a little off or a class that is never found.";

    private const int MostOpen = 6;

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        html.Add($"<p>Images that training never saw, spread evenly over the split. Colours are classes; a band shows how unsure an edge is. Click to enlarge.</p>");
        Figure.Pairs(html, report.Pictures.Take(MostOpen));
        if (report.Pictures.Count > MostOpen)
        {
            html.Add($"<details><summary>{report.Pictures.Count - MostOpen} more</summary>");
            Figure.Pairs(html, report.Pictures.Skip(MostOpen));
            html.Add($"</details>");
        }
    }
}
