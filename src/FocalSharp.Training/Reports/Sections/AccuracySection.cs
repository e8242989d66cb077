using FocalSharp.Evaluation;
using FocalSharp.Training.Reports.Markup;

namespace FocalSharp.Training.Reports.Sections;

/// <summary>COCO's twelve numbers and the classes.</summary>
internal static class AccuracySection
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["AP"] = "precision averaged over recalls, classes and IoU 0.50 to 0.95: the number detectors are ranked by",
        ["AP50"] = "the same at IoU 0.50: the object is found",
        ["AP75"] = "the same at IoU 0.75: its box fits well",
        ["APs"] = "small objects, below 32² px",
        ["APm"] = "medium objects, 32² to 96² px",
        ["APl"] = "large objects, above 96² px",
        ["AR1"] = "recall with the best detection of each image and class alone",
        ["AR10"] = "recall with the ten best",
        ["AR100"] = "recall with the hundred best",
        ["ARs"] = "recall of small objects",
        ["ARm"] = "recall of medium objects",
        ["ARl"] = "recall of large objects",
    };

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        CocoMetrics metrics = report.Metrics!;
        html.Add($"<p>Judged on {report.JudgedOn} as COCO does. A dash means that there is no such object.</p>");
        html.Add($"<div class=\"card scroll\"><table><caption>The twelve numbers of COCO</caption><thead><tr>");
        html.Add($"<th scope=\"col\">number</th><th scope=\"col\">value</th><th scope=\"col\" class=\"text\">meaning</th></tr></thead><tbody>");
        foreach ((string name, double value) in metrics.Summary)
        {
            html.Add($"<tr><th scope=\"row\">{name}</th><td>{Number.Score(value)}</td><td class=\"text muted\">{Meanings.GetValueOrDefault(name)}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
        if (metrics.PerClass.Count > 0)
        {
            WriteClasses(html, metrics);
        }
    }

    private static void WriteClasses(HtmlBuilder html, CocoMetrics metrics)
    {
        html.Add($"<div class=\"card scroll\"><table><caption>Class by class, best first</caption><thead><tr><th scope=\"col\">class</th>");
        foreach (string column in new[] { "objects", "AP", "AP50", "AP75", "AR100" })
        {
            html.Add($"<th scope=\"col\">{column}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (ClassMetrics row in metrics.PerClass.OrderByDescending(row => row.AP))
        {
            html.Add($"<tr><th scope=\"row\">{row.Name}</th><td>{row.GroundTruths}</td>");
            html.Add($"<td><span class=\"bar\" aria-hidden=\"true\"><i style=\"width:{100 * Math.Max(row.AP, 0):F1}%\"></i></span>{Number.Score(row.AP)}</td>");
            html.Add($"<td>{Number.Score(row.AP50)}</td><td>{Number.Score(row.AP75)}</td><td>{Number.Score(row.AR100)}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }
}
