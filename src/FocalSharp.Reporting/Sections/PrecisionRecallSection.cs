using System.Globalization;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Charts;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Precision, recall and F1 by score threshold, the best thresholds, and the precision–recall curve of each class.</summary>
internal static class PrecisionRecallSection
{
    public const string Advice =
        "Choose the score threshold here: the best F1 weights false positives and missed objects equally; use a higher threshold to reduce false positives, a lower one to reduce missed objects.";

    private const int MaxExpandedClasses = 12;
    private const int MaxLines = 5;

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        CocoMetrics metrics = report.Metrics!;
        int[] order = [.. Enumerable.Range(0, metrics.PerClass.Count)
            .Where(k => metrics.PerClass[k].GroundTruths > 0).OrderByDescending(k => metrics.PerClass[k].GroundTruths)];
        if (report.Analysis is { } analysis)
        {
            html.Add($"<div class=\"grid-cards\">");
            WritePooled(html, analysis.Pooled);
            WritePerClass(html, analysis, order);
            html.Add($"</div>");
            WriteThresholds(html, analysis, order);
        }

        html.Add($"<p>In the curves below, every score threshold is a point: a lower threshold increases recall and decreases");
        html.Add($"precision. The area under the curve is the AP of the class at that IoU.</p>");
        WriteGrid(html, metrics, order.Take(MaxExpandedClasses));
        if (order.Length > MaxExpandedClasses)
        {
            html.Add($"<details><summary>Other {order.Length - MaxExpandedClasses} classes</summary>");
            WriteGrid(html, metrics, order.Skip(MaxExpandedClasses));
            html.Add($"</details>");
        }
    }

    private static void WritePooled(HtmlBuilder html, PrecisionRecallCurve curve)
    {
        if (curve.BestThreshold is { } best)
        {
            SvgChart.Write(html, new Chart("All classes by threshold", "score threshold", "precision, recall, F1", [
                CreateSeries("F1", 1, curve, curve.F1), CreateSeries("precision", 3, curve, curve.Precision), CreateSeries("recall", 2, curve, curve.Recall)])
            {
                Note = string.Create(CultureInfo.InvariantCulture, $"Best F1 {curve.BestF1:0.00} at threshold {best:0.00}: precision {curve.Precision[curve.BestIndex]:0.00}, recall {curve.Recall[curve.BestIndex]:0.00}, IoU ≥ {curve.Iou:0.00}"),
                XRange = GetAxisRange(curve),
                YRange = (0, 1),
                VerticalMarker = (best, string.Create(CultureInfo.InvariantCulture, $"{best:0.00}")),
                HasTable = true,
            });
        }
    }

    private static void WritePerClass(HtmlBuilder html, DetectionAnalysis analysis, int[] order)
    {
        PrecisionRecallCurve[] curves = [.. order.Select(k => analysis.ByClass[k]).Where(curve => curve.Scores.Length > 0).Take(MaxLines)];
        if (curves.Length > 0)
        {
            SvgChart.Write(html, new Chart("F1 by class", "score threshold", "F1", [.. curves.Select((curve, i) => CreateSeries(curve.Name, i + 1, curve, curve.F1))])
            {
                Note = order.Length > MaxLines ? $"The {MaxLines} classes with the most objects; the table below contains all classes" : "Classes whose maxima differ benefit from separate thresholds",
                XRange = GetAxisRange(analysis.Pooled),
                YRange = (0, 1),
                HasTable = true,
            });
        }
    }

    private static ChartSeries CreateSeries(string name, int color, PrecisionRecallCurve curve, double[] values) =>
        new(name, color, [.. curve.Downsample(Curves.MaxPoints).Reverse().Select(i => (curve.Scores[i], values[i]))]);

    // Scores of other detectors may be outside 0 to 1.
    private static (double, double)? GetAxisRange(PrecisionRecallCurve curve) => curve.Scores[^1] >= 0 && curve.Scores[0] <= 1 ? (0, 1) : null;

    private static void WriteThresholds(HtmlBuilder html, DetectionAnalysis analysis, int[] order)
    {
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Threshold of the best F1 at IoU ≥ {DetectionAnalysis.Iou:F2}</caption><thead><tr><th scope=\"col\">class</th>");
        foreach (string column in new[] { "objects", "threshold", "F1", "precision", "recall" })
        {
            html.Add($"<th scope=\"col\">{column}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (PrecisionRecallCurve curve in order.Select(k => analysis.ByClass[k]).Prepend(analysis.Pooled))
        {
            int best = curve.BestIndex;
            html.Add($"<tr><th scope=\"row\">{curve.Name}</th><td>{curve.TruthCount}</td><td>{FormatValueAt(curve.Scores, best)}</td><td>{FormatValueAt(curve.F1, best)}</td>");
            html.Add($"<td>{FormatValueAt(curve.Precision, best)}</td><td>{FormatValueAt(curve.Recall, best)}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }

    private static string FormatValueAt(double[] values, int index) => index < 0 ? "–" : values[index].ToString("0.00", CultureInfo.InvariantCulture);

    private static void WriteGrid(HtmlBuilder html, CocoMetrics metrics, IEnumerable<int> classes)
    {
        html.Add($"<div class=\"grid-cards small\">");
        foreach (int k in classes)
        {
            SvgChart.Write(html, new Chart(metrics.PerClass[k].Name, "recall", "precision", [
                .. CreateClassSeries(metrics, k, 0.5, 1), .. CreateClassSeries(metrics, k, 0.75, 2)])
            {
                Width = 340,
                XRange = (0, 1),
                YRange = (0, 1),
                Note = Quantity.Format(metrics.PerClass[k].GroundTruths, "object"),
            });
        }

        html.Add($"</div>");
    }

    private static IEnumerable<ChartSeries> CreateClassSeries(CocoMetrics metrics, int k, double iou, int color)
    {
        double[] precision = PrecisionRecall.Interpolated(metrics, k, iou);
        IReadOnlyList<double> recalls = metrics.Options.RecallThresholds;
        double average = precision.Where(value => value > -1).DefaultIfEmpty(0).Average();
        string name = string.Create(CultureInfo.InvariantCulture, $"IoU {iou:0.00}: AP {average:0.000}");
        return [new ChartSeries(name, color, [.. recalls.Zip(precision)], Dashed: color > 1)];
    }
}
