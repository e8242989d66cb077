using System.Globalization;
using FocalSharp.Evaluation;
using FocalSharp.Training.Reports.Charts;
using FocalSharp.Training.Reports.Markup;

namespace FocalSharp.Training.Reports.Sections;

/// <summary>A precision–recall curve for each class.</summary>
internal static class PrecisionRecallSection
{
    private const int MostClassesOpen = 12;

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        CocoMetrics metrics = report.Metrics!;
        int[] order = [.. Enumerable.Range(0, metrics.PerClass.Count)
            .Where(k => metrics.PerClass[k].GroundTruths > 0).OrderByDescending(k => metrics.PerClass[k].GroundTruths)];
        html.Add($"<p>Every score threshold is a point: the lower it is, the more objects are found (recall) and the more finds are");
        html.Add($"wrong (precision falls). The area below the curve is the class's AP at that IoU.</p>");
        WriteGrid(html, metrics, order.Take(MostClassesOpen));
        if (order.Length > MostClassesOpen)
        {
            html.Add($"<details><summary>The other {order.Length - MostClassesOpen} classes</summary>");
            WriteGrid(html, metrics, order.Skip(MostClassesOpen));
            html.Add($"</details>");
        }
    }

    private static void WriteGrid(HtmlBuilder html, CocoMetrics metrics, IEnumerable<int> classes)
    {
        html.Add($"<div class=\"grid-cards small\">");
        foreach (int k in classes)
        {
            SvgChart.Write(html, new Chart(metrics.PerClass[k].Name, "recall", "precision", [
                .. Lines(metrics, k, 0.5, 1), .. Lines(metrics, k, 0.75, 2)])
            {
                Width = 340,
                XRange = (0, 1),
                YRange = (0, 1),
                Note = Advice(metrics, k),
            });
        }

        html.Add($"</div>");
    }

    private static IEnumerable<ChartSeries> Lines(CocoMetrics metrics, int k, double iou, int color)
    {
        double[] precision = PrecisionRecall.Interpolated(metrics, k, iou);
        IReadOnlyList<double> recalls = metrics.Options.RecallThresholds;
        double average = precision.Where(value => value > -1).DefaultIfEmpty(0).Average();
        string name = string.Create(CultureInfo.InvariantCulture, $"IoU {iou:0.00}: AP {average:0.000}");
        return [new ChartSeries(name, color, [.. recalls.Zip(precision)], Dashed: color > 1)];
    }

    private static string Advice(CocoMetrics metrics, int k)
    {
        PrecisionRecallCurve curve = PrecisionRecall.Curve(metrics, k);
        string objects = $"{curve.TruthCount} object{(curve.TruthCount == 1 ? "" : "s")}";
        return curve.BestThreshold is { } threshold
            ? string.Create(CultureInfo.InvariantCulture, $"{objects}. Best F1 {curve.BestF1:0.00} at threshold {threshold:0.00}")
            : $"{objects}, nothing detected";
    }
}
