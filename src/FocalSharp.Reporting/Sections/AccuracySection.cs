using FocalSharp.Evaluation.Coco;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>COCO's twelve numbers, and AP by class and size.</summary>
internal static class AccuracySection
{
    public const string Advice = "Label more of the classes and sizes with a low AP, above all where few objects were trained on; with few objects to judge by, label more to judge by.";

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
        html.Add($"<p>Judged on {report.EvaluatedOn} as COCO does. A dash means that there is no such object.</p>");
        if (metrics.PerClass.Count > 0)
        {
            WriteClasses(html, report, metrics);
        }

        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>The twelve numbers of COCO</caption><thead><tr>");
        html.Add($"<th scope=\"col\">number</th><th scope=\"col\">value</th><th scope=\"col\" class=\"text\">meaning</th></tr></thead><tbody>");
        foreach ((string name, double value) in metrics.Summary)
        {
            html.Add($"<tr><th scope=\"row\">{name}</th><td>{Number.FormatScore(value)}</td><td class=\"text muted\">{Meanings.GetValueOrDefault(name)}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }

    private static void WriteClasses(HtmlBuilder html, TrainingReport report, CocoMetrics metrics)
    {
        bool trained = report.TrainingObjectCounts.Count > 0;
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Class by class, lowest AP first; by size with the number of objects (small below 32², large above 96² px)</caption>");
        html.Add($"<thead><tr><th scope=\"col\">class</th>");
        foreach (string column in (string[])[.. trained ? ["trained on"] : Array.Empty<string>(), "judged by", "AP", "AP50", "AP75", "small", "medium", "large", "AR100"])
        {
            html.Add($"<th scope=\"col\">{column}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (ClassMetrics row in metrics.PerClass.OrderBy(row => row.AP < 0).ThenBy(row => row.AP))
        {
            html.Add($"<tr><th scope=\"row\">{row.Name}</th>");
            if (trained)
            {
                html.Add($"<td>{report.TrainingObjectCounts.GetValueOrDefault(row.Name)}</td>");
            }

            html.Add($"<td>{row.GroundTruths}</td><td><span class=\"bar\" aria-hidden=\"true\"><i style=\"width:{100 * Math.Max(row.AP, 0):F1}%\"></i></span>{Number.FormatScore(row.AP)}</td>");
            html.Add($"<td>{Number.FormatScore(row.AP50)}</td><td>{Number.FormatScore(row.AP75)}</td>");
            WriteSizeCell(html, row.APs, row.SmallGroundTruths);
            WriteSizeCell(html, row.APm, row.MediumGroundTruths);
            WriteSizeCell(html, row.APl, row.LargeGroundTruths);
            html.Add($"<td>{Number.FormatScore(row.AR100)}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }

    private static void WriteSizeCell(HtmlBuilder html, double value, int objects) =>
        html.Add($"<td>{Number.FormatScore(value)} <span class=\"of\">of {objects}</span></td>");
}
