using FocalSharp.Evaluation.Coco;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>The twelve COCO metrics, and AP by class and size.</summary>
internal static class AccuracySection
{
    public const string Advice = "Label more objects of the classes and sizes with a low AP, first where there are few training objects; if there are few evaluation objects, label more of those too.";

    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["AP"] = "mean over classes and IoU thresholds 0.50 to 0.95: the main COCO metric",
        ["AP50"] = "AP at IoU 0.50: the object is detected",
        ["AP75"] = "AP at IoU 0.75: the box fits well",
        ["APs"] = "AP of small objects, below 32² px",
        ["APm"] = "AP of medium objects, 32² to 96² px",
        ["APl"] = "AP of large objects, above 96² px",
        ["AR1"] = "recall with 1 detection per image and class",
        ["AR10"] = "recall with 10 detections per image and class",
        ["AR100"] = "recall with 100 detections per image and class",
        ["ARs"] = "recall of small objects",
        ["ARm"] = "recall of medium objects",
        ["ARl"] = "recall of large objects",
    };

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        CocoMetrics metrics = report.Metrics!;
        html.Add($"<p>COCO metrics on {report.EvaluatedOn}. A dash means that there are no such objects.</p>");
        if (metrics.PerClass.Count > 0)
        {
            WriteClasses(html, report, metrics);
        }

        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>The twelve COCO metrics</caption><thead><tr>");
        html.Add($"<th scope=\"col\">metric</th><th scope=\"col\">value</th><th scope=\"col\" class=\"text\">meaning</th></tr></thead><tbody>");
        foreach ((string name, double value) in metrics.Summary)
        {
            html.Add($"<tr><th scope=\"row\">{name}</th><td>{Number.FormatScore(value)}</td><td class=\"text muted\">{Meanings.GetValueOrDefault(name)}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }

    private static void WriteClasses(HtmlBuilder html, DetectionReport report, CocoMetrics metrics)
    {
        ImageLinks? links = report.Links;
        bool trained = report.TrainingObjectCounts.Count > 0;
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>AP by class, lowest first, and by size with the number of objects (small: below 32² px, large: above 96² px)</caption>");
        html.Add($"<thead><tr><th scope=\"col\">class</th>");
        foreach (string column in (string[])[.. trained ? ["training objects"] : Array.Empty<string>(), "objects", "AP", "AP50", "AP75", "small", "medium", "large", "AR100"])
        {
            html.Add($"<th scope=\"col\">{column}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (ClassMetrics row in metrics.PerClass.OrderBy(row => row.AP < 0).ThenBy(row => row.AP))
        {
            html.Add($"<tr><th scope=\"row\">{ImageLinks.ForClass(links, row.Name, row.Name)}</th>");
            if (trained)
            {
                html.Add($"<td>{report.TrainingObjectCounts.GetValueOrDefault(row.Name)}</td>");
            }

            html.Add($"<td>{ImageLinks.ForClass(row.GroundTruths == 0 ? null : links, Format(row.GroundTruths), row.Name)}</td><td><span class=\"bar\" aria-hidden=\"true\"><i style=\"width:{100 * Math.Max(row.AP, 0):F1}%\"></i></span>{Number.FormatScore(row.AP)}</td>");
            html.Add($"<td>{Number.FormatScore(row.AP50)}</td><td>{Number.FormatScore(row.AP75)}</td>");
            WriteSizeCell(html, row.APs, ImageLinks.ForClass(row.SmallGroundTruths == 0 ? null : links, Format(row.SmallGroundTruths), row.Name, "small"));
            WriteSizeCell(html, row.APm, ImageLinks.ForClass(row.MediumGroundTruths == 0 ? null : links, Format(row.MediumGroundTruths), row.Name, "medium"));
            WriteSizeCell(html, row.APl, ImageLinks.ForClass(row.LargeGroundTruths == 0 ? null : links, Format(row.LargeGroundTruths), row.Name, "large"));
            html.Add($"<td>{Number.FormatScore(row.AR100)}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }

    private static void WriteSizeCell(HtmlBuilder html, double value, Link objects) =>
        html.Add($"<td>{Number.FormatScore(value)} <span class=\"of\">of {objects}</span></td>");

    private static string Format(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
