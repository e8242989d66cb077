using FocalSharp.Evaluation.Calibration;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>The title, headline values and navigation.</summary>
internal static class HeaderSection
{
    public static void Write(HtmlBuilder html, DetectionReport report, IReadOnlyList<Section> sections)
    {
        html.Add($"<header><div class=\"brand\">").AddTrusted(Logo.Inline);
        html.Add($"<span>FocalSharp {(report.Log is null ? "evaluation" : "training")} report</span><button type=\"button\" data-toggle-theme hidden>Dark</button></div>");
        html.Add($"<h1>{report.Title}</h1><p class=\"lead\">{report.Subtitle}</p>");
        html.Add($"<dl class=\"facts\">");
        if (report.Metrics is { } metrics)
        {
            html.Add($"<div class=\"main\"><dt>AP on {report.EvaluatedOn}</dt><dd>{Number.FormatScore(metrics.AP)}</dd></div>");
            WriteFact(html, "AP50", Number.FormatScore(metrics.AP50));
            WriteFact(html, "AP75", Number.FormatScore(metrics.AP75));
        }

        if (report.PretrainedAP is { } pretrained)
        {
            WriteFact(html, "AP before training", Number.FormatScore(pretrained));
        }

        if (EdgeUncertainty.SpearmanWithBlur(report.Edges) is var rho && double.IsFinite(rho))
        {
            WriteFact(html, "ρ of uncertainty and blur", Number.FormatScore(rho));
        }

        foreach ((string name, string value) in report.Facts)
        {
            WriteFact(html, name, value);
        }

        html.Add($"</dl>");
        if (report.Links is { } links)
        {
            html.Add($"<p class=\"muted open-images\">Linked numbers and names open their images in the explorer. Start it first: <code>{links.Command}</code></p>");
        }

        if (sections.Count > 1)
        {
            html.Add($"<nav aria-label=\"Sections\"><ul>");
            foreach (Section section in sections)
            {
                html.Add($"<li><a href=\"#{section.Id}\">{section.Title}</a></li>");
            }

            html.Add($"</ul></nav>");
        }

        html.Add($"</header>");
    }

    private static void WriteFact(HtmlBuilder html, string name, string value) => html.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");
}
