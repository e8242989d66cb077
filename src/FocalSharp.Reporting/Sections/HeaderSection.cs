using FocalSharp.Evaluation.Calibration;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Name, headline numbers and the way to the sections.</summary>
internal static class HeaderSection
{
    public static void Write(HtmlBuilder html, TrainingReport report, IReadOnlyList<Section> sections)
    {
        html.Add($"<header><div class=\"brand\">").AddTrusted(Logo.Inline);
        html.Add($"<span>FocalSharp training report</span><button type=\"button\" data-toggle-theme hidden>Dark</button></div>");
        html.Add($"<h1>{report.Title}</h1><p class=\"lead\">{report.Subtitle}</p>");
        html.Add($"<dl class=\"facts\">");
        if (report.Metrics is { } metrics)
        {
            html.Add($"<div class=\"main\"><dt>AP on {report.EvaluatedOn}</dt><dd>{Number.FormatScore(metrics.AP)}</dd></div>");
            WriteFact(html, "AP50: found at all", Number.FormatScore(metrics.AP50));
            WriteFact(html, "AP75: found precisely", Number.FormatScore(metrics.AP75));
        }

        if (report.PretrainedAP is { } pretrained)
        {
            WriteFact(html, "AP before training", Number.FormatScore(pretrained));
        }

        if (EdgeUncertainty.SpearmanWithBlur(report.Edges) is var rho && double.IsFinite(rho))
        {
            WriteFact(html, "ρ: uncertainty ranks with blur", Number.FormatScore(rho));
        }

        foreach ((string name, string value) in report.Facts)
        {
            WriteFact(html, name, value);
        }

        html.Add($"</dl>");
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
