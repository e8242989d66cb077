using FocalSharp.Evaluation;
using FocalSharp.Training.Reports.Markup;

namespace FocalSharp.Training.Reports.Sections;

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
            html.Add($"<div class=\"main\"><dt>AP on {report.JudgedOn}</dt><dd>{Number.Score(metrics.AP)}</dd></div>");
            Fact(html, "AP50: found at all", Number.Score(metrics.AP50));
            Fact(html, "AP75: found precisely", Number.Score(metrics.AP75));
        }

        if (report.Untrained is { } untrained)
        {
            Fact(html, "AP before training", Number.Score(untrained));
        }

        if (EdgeUncertainty.SpearmanWithBlur(report.Edges) is var rho && double.IsFinite(rho))
        {
            Fact(html, "ρ: uncertainty ranks with blur", Number.Score(rho));
        }

        foreach ((string name, string value) in report.Facts)
        {
            Fact(html, name, value);
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

    private static void Fact(HtmlBuilder html, string name, string value) => html.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");
}
