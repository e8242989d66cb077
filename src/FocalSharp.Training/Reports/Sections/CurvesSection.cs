using FocalSharp.Training.Reports.Charts;
using FocalSharp.Training.Reports.Markup;
using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Reports.Sections;

/// <summary>Losses, AP, learning rate and speed over the epochs.</summary>
internal static class CurvesSection
{
    public const string Advice = "See whether training was long enough: where AP still rises at the end, train for more epochs; where it fell again, for fewer.";

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        MetricsTable log = report.Log!;
        double epochs = Math.Max(1e-9, log.Points(MetricsColumns.Epoch, MetricsColumns.Epoch).Select(point => point.X).DefaultIfEmpty(1).Max());
        html.Add($"<p>The three losses should fall and level off. Pale lines are single measurements, bold ones their moving mean.</p>");
        html.Add($"<div class=\"grid-cards\">");
        Write(html, epochs, new Chart("Losses", "epoch", "loss", [
            .. Noisy(log, "Quality focal loss (class × IoU)", 1, MetricsColumns.QualityLoss),
            .. Noisy(log, "GIoU loss (boxes)", 2, MetricsColumns.BoxLoss),
            .. Noisy(log, "Distribution focal loss (edges)", 3, MetricsColumns.DistributionLoss)]));
        Write(html, epochs, new Chart("Average precision", "epoch", "AP", [
            Plain(log, "AP50", 3, MetricsColumns.AP50), Plain(log, "AP", 1, MetricsColumns.AP), Plain(log, "AP75", 2, MetricsColumns.AP75)])
        {
            YRange = (0, 1),
            WithTable = true,
        });
        Write(html, epochs, new Chart("Learning rate", "epoch", "lr", [Plain(log, "learning rate", 4, MetricsColumns.LearningRate)]));
        Write(html, epochs, new Chart("Speed", "epoch", "images/s", [.. Noisy(log, "images per second", 5, MetricsColumns.ImagesPerSecond)]));
        Write(html, epochs, new Chart("Positive locations", "epoch", "a batch", [.. Noisy(log, "positives", 6, MetricsColumns.Positives)]));
        Write(html, epochs, new Chart("Gradient norm", "epoch", "norm", [.. Noisy(log, "before clipping", 4, MetricsColumns.GradientNorm)]));
        html.Add($"</div>");
    }

    private static void Write(HtmlBuilder html, double epochs, Chart chart)
    {
        if (chart.Series.Any(series => series.Points.Count > 0))
        {
            SvgChart.Write(html, chart with { XRange = (0, epochs) });
        }
    }

    private static ChartSeries Plain(MetricsTable log, string name, int color, string column) =>
        new(name, color, Curves.Thin(log.Points(MetricsColumns.Epoch, column)));

    private static IEnumerable<ChartSeries> Noisy(MetricsTable log, string name, int color, string column)
    {
        IReadOnlyList<(double X, double Y)> points = Curves.Thin(log.Points(MetricsColumns.Epoch, column));
        return [new ChartSeries(name, color, points, Faint: true), new ChartSeries(name, color, Curves.Smooth(points))];
    }
}
