using System.Resources;
using FocalSharp.IO;
using FocalSharp.Reporting.Markup;
using FocalSharp.Reporting.Sections;

namespace FocalSharp.Reporting;

/// <summary>
/// Renders a report as a self-contained HTML page: styles, script, charts and pictures are inline. It has a light and a dark theme, adapts to
/// narrow screens, and works without JavaScript.
/// </summary>
public static class HtmlReport
{
    /// <summary>Renders a report.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The HTML page.</returns>
    public static string Render(DetectionReport report)
    {
        IReadOnlyList<Section> sections = [.. Section.All.Where(section => section.IsPresent(report))];
        HtmlBuilder html = new();
        WriteStart(html, $"{report.Title} – FocalSharp report");
        HeaderSection.Write(html, report, sections);
        html.Add($"<main id=\"content\">");
        foreach (Section section in sections)
        {
            html.Add($"<section id=\"{section.Id}\" aria-labelledby=\"{section.Id}-title\"><h2 id=\"{section.Id}-title\">{section.Title}</h2>");
            html.Add($"<p class=\"todo\">{section.Advice(report)}</p>");
            section.Write(html, report);
            html.Add($"</section>");
        }

        html.Add($"</main><footer>Created by FocalSharp {report.Version}. This page is self-contained.</footer>");
        WriteEnd(html);
        return html.ToString();
    }

    /// <summary>Writes the head of a page and a link that skips to its content.</summary>
    internal static void WriteStart(HtmlBuilder html, string title)
    {
        html.AddTrusted("<!doctype html>");
        html.Add($"<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Add($"<title>{title}</title>");
        html.AddTrusted($"<link rel=\"icon\" href=\"data:image/svg+xml,{Uri.EscapeDataString(Logo.Icon)}\">");
        html.AddTrusted($"<style>\n{ReadResource("report.css")}</style></head><body>");
        html.Add($"<a class=\"skip\" href=\"#content\">Skip to content</a>");
    }

    /// <summary>Writes the script and the end of a page.</summary>
    internal static void WriteEnd(HtmlBuilder html) =>
        html.AddTrusted($"<dialog aria-label=\"Enlarged picture\"></dialog><script>\n{ReadResource("report.js")}</script></body></html>");

    /// <summary>Renders a report to a file. The file is written atomically.</summary>
    /// <param name="report">The report.</param>
    /// <param name="path">The HTML file.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static void Save(DetectionReport report, string path) => AtomicFile.WriteText(path, Render(report));

    private static string ReadResource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream($"FocalSharp.Reporting.Page.{name}")
            ?? throw new MissingManifestResourceException(name);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
