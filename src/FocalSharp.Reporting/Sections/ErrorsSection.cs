using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>What goes wrong, what each kind of error costs, and what helps against it.</summary>
internal static class ErrorsSection
{
    public const string Advice = "Work on the kind of error that costs most AP, in the class where it costs most; what helps stands beside it.";

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        DetectionAnalysis analysis = report.Analysis!;
        html.Add($"<p>AP lost is what AP would gain if this kind of error alone were mended (as TIDE counts). The numbers do not add up to all that is");
        html.Add($"missing, since errors hide one another. Errors are counted at score ≥ {analysis.Threshold:F2}, but AP is made of all scores: an object");
        html.Add($"that a less sure detection finds is missed there, and costs no AP for being missed.</p>");
        WriteKinds(html, analysis);
        if (analysis.Metrics.PerClass.Count > 1)
        {
            WriteClasses(html, analysis);
        }
    }

    private static void WriteKinds(HtmlBuilder html, DetectionAnalysis analysis)
    {
        double max = Math.Max(1e-9, analysis.Errors.Impacts.Max(cost => cost.LostAP));
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>What goes wrong, with AP {Number.FormatScore(analysis.Errors.AP)}, AP50 {Number.FormatScore(analysis.LooseErrors.AP)}, AP75 {Number.FormatScore(analysis.StrictErrors.AP)}</caption><thead><tr>");
        html.Add($"<th scope=\"col\">error</th><th scope=\"col\">how many</th><th scope=\"col\">AP lost</th><th scope=\"col\">AP50 lost</th><th scope=\"col\">AP75 lost</th>");
        html.Add($"<th scope=\"col\" class=\"text\">what it is</th><th scope=\"col\" class=\"text\">what helps</th></tr></thead><tbody>");
        foreach (ErrorKind kind in ErrorBreakdown.Kinds)
        {
            double lost = analysis.Errors[kind].LostAP;
            html.Add($"<tr><th scope=\"row\">{AnalysisJson.NameOf(kind)}</th><td>{analysis.Images.Sum(image => image[kind])}</td>");
            html.Add($"<td><span class=\"bar cost\" aria-hidden=\"true\"><i style=\"width:{100 * lost / max:F1}%\"></i></span>{Number.FormatScore(lost)}</td>");
            html.Add($"<td>{Number.FormatScore(analysis.LooseErrors[kind].LostAP)}</td><td>{Number.FormatScore(analysis.StrictErrors[kind].LostAP)}</td>");
            html.Add($"<td class=\"text muted\">{ErrorAdvice.GetMeaning(kind)}</td><td class=\"text\">{ErrorAdvice.GetFix(kind)}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }

    private static void WriteClasses(HtmlBuilder html, DetectionAnalysis analysis)
    {
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>AP lost, class by class, lowest AP first</caption>");
        html.Add($"<thead><tr><th scope=\"col\">class</th><th scope=\"col\">AP</th>");
        foreach (ErrorKind kind in ErrorBreakdown.Kinds)
        {
            html.Add($"<th scope=\"col\">{AnalysisJson.NameOf(kind)}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach ((int k, ClassMetrics row) in analysis.Metrics.PerClass.Index().Where(pair => pair.Item.GroundTruths > 0).OrderBy(pair => pair.Item.AP))
        {
            double[] costs = [.. analysis.Errors.Impacts.Select(cost => Math.Max(0, cost.LostByClass[k]))];
            html.Add($"<tr><th scope=\"row\">{row.Name}</th><td>{Number.FormatScore(row.AP)}</td>");
            foreach (double cost in costs)
            {
                html.Add($"<td class=\"{(cost > 0 && cost == costs.Max() ? "most" : "")}\">{Number.FormatScore(cost)}</td>");
            }

            html.Add($"</tr>");
        }

        html.Add($"</tbody></table></div>");
    }
}
