using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>The errors by kind, their effect on AP, and how to reduce them.</summary>
internal static class ErrorsSection
{
    public const string Advice = "Start with the kind of error that costs the most AP, in the class where it costs the most.";

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        DetectionAnalysis analysis = report.Analysis!;
        html.Add($"<p>AP lost is the gain in AP if only this kind of error were fixed (as in TIDE). The values do not sum to the total loss,");
        html.Add($"because errors mask one another. Errors are counted at score ≥ {analysis.Threshold:F2}, but AP uses all scores: an object");
        html.Add($"with a detection of a lower score counts as missed but costs no AP.</p>");
        WriteKinds(html, report.Links, analysis);
        if (analysis.Metrics.PerClass.Count > 1)
        {
            WriteClasses(html, report.Links, analysis);
        }
    }

    private static void WriteKinds(HtmlBuilder html, ImageLinks? links, DetectionAnalysis analysis)
    {
        double max = Math.Max(1e-9, analysis.Errors.Impacts.Max(cost => cost.LostAP));
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Errors by kind, with AP {Number.FormatScore(analysis.Errors.AP)}, AP50 {Number.FormatScore(analysis.LooseErrors.AP)}, AP75 {Number.FormatScore(analysis.StrictErrors.AP)}</caption><thead><tr>");
        html.Add($"<th scope=\"col\">error</th><th scope=\"col\">count</th><th scope=\"col\">AP lost</th><th scope=\"col\">AP50 lost</th><th scope=\"col\">AP75 lost</th>");
        html.Add($"<th scope=\"col\" class=\"text\">description</th><th scope=\"col\" class=\"text\">fix</th></tr></thead><tbody>");
        foreach (ErrorKind kind in ErrorBreakdown.Kinds)
        {
            double lost = analysis.Errors[kind].LostAP;
            html.Add($"<tr><th scope=\"row\">{AnalysisJson.NameOf(kind)}</th><td>{ImageLinks.ForError(links, analysis.Images.Sum(image => image[kind]), kind)}</td>");
            html.Add($"<td><span class=\"bar cost\" aria-hidden=\"true\"><i style=\"width:{100 * lost / max:F1}%\"></i></span>{Number.FormatScore(lost)}</td>");
            html.Add($"<td>{Number.FormatScore(analysis.LooseErrors[kind].LostAP)}</td><td>{Number.FormatScore(analysis.StrictErrors[kind].LostAP)}</td>");
            html.Add($"<td class=\"text muted\">{ErrorAdvice.GetMeaning(kind)}</td><td class=\"text\">{ErrorAdvice.GetFix(kind)}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }

    private static void WriteClasses(HtmlBuilder html, ImageLinks? links, DetectionAnalysis analysis)
    {
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>AP lost by class, lowest AP first</caption>");
        html.Add($"<thead><tr><th scope=\"col\">class</th><th scope=\"col\">AP</th>");
        foreach (ErrorKind kind in ErrorBreakdown.Kinds)
        {
            html.Add($"<th scope=\"col\">{AnalysisJson.NameOf(kind)}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach ((int k, ClassMetrics row) in analysis.Metrics.PerClass.Index().Where(pair => pair.Item.GroundTruths > 0).OrderBy(pair => pair.Item.AP))
        {
            double[] costs = [.. analysis.Errors.Impacts.Select(cost => Math.Max(0, cost.LostByClass[k]))];
            html.Add($"<tr><th scope=\"row\">{ImageLinks.ForClass(links, row.Name, row.Name)}</th><td>{Number.FormatScore(row.AP)}</td>");
            foreach ((ErrorKind kind, double cost) in ErrorBreakdown.Kinds.Zip(costs))
            {
                Link text = ImageLinks.ForClassError(cost > 0 ? links : null, Number.FormatScore(cost), kind, row.Name);
                html.Add($"<td class=\"{(cost > 0 && cost == costs.Max() ? "most" : "")}\">{text}</td>");
            }

            html.Add($"</tr>");
        }

        html.Add($"</tbody></table></div>");
    }
}
