using FocalSharp.Reporting.Charts;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Losses, AP, learning rate and speed over the epochs.</summary>
internal static class CurvesSection
{
    public const string Advice = "Check the training length: if AP still increases at the end, train for more epochs; if it decreases, for fewer.";

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        MetricsTable log = report.Log!;
        double epochs = Math.Max(1e-9, log.Points(MetricsColumns.Epoch, MetricsColumns.Epoch).Select(point => point.X).DefaultIfEmpty(1).Max());
        html.Add($"<p>The three losses should decrease and level off. Pale lines are measurements, bold lines are moving averages.</p>");
        html.Add($"<div class=\"grid-cards\">");
        Write(html, epochs, new Chart("Losses", "epoch", "loss", [
            .. CreateSmoothedSeries(log, "Quality focal loss (class × IoU)", 1, MetricsColumns.QualityLoss),
            .. CreateSmoothedSeries(log, "GIoU loss (boxes)", 2, MetricsColumns.BoxLoss),
            .. CreateSmoothedSeries(log, "Distribution focal loss (edges)", 3, MetricsColumns.DistributionLoss),
            .. CreateValidationSeries(log)])
        {
            Note = log.Points(MetricsColumns.Epoch, MetricsColumns.ValidationQualityLoss).Count > 0
                ? "Dashed: on the evaluation images, without augmentation. If they rise while the others fall, the model overfits."
                : null,
        });
        Write(html, epochs, new Chart("Average precision", "epoch", "AP", [
            CreateSeries(log, "AP50", 3, MetricsColumns.AP50), CreateSeries(log, "AP", 1, MetricsColumns.AP), CreateSeries(log, "AP75", 2, MetricsColumns.AP75)])
        {
            YRange = (0, 1),
            HasTable = true,
        });
        Write(html, epochs, new Chart("Learning rate", "epoch", "lr", [CreateSeries(log, "learning rate", 4, MetricsColumns.LearningRate)]));
        Write(html, epochs, new Chart("Speed", "epoch", "images/s", [.. CreateSmoothedSeries(log, "images per second", 5, MetricsColumns.ImagesPerSecond)]));
        Write(html, epochs, new Chart("Positive locations", "epoch", "per batch", [.. CreateSmoothedSeries(log, "positives", 6, MetricsColumns.Positives)]));
        Write(html, epochs, new Chart("Gradient norm", "epoch", "norm", [.. CreateSmoothedSeries(log, "before clipping", 4, MetricsColumns.GradientNorm)]));
        html.Add($"</div>");
    }

    private static IEnumerable<ChartSeries> CreateValidationSeries(MetricsTable log)
    {
        (string Name, int Color, string Column)[] series =
        [
            ("evaluation: quality focal loss", 1, MetricsColumns.ValidationQualityLoss),
            ("evaluation: GIoU loss", 2, MetricsColumns.ValidationBoxLoss),
            ("evaluation: distribution focal loss", 3, MetricsColumns.ValidationDistributionLoss),
        ];
        return series.Select(one => CreateSeries(log, one.Name, one.Color, one.Column) with { Dashed = true }).Where(one => one.Points.Count > 0);
    }

    private static void Write(HtmlBuilder html, double epochs, Chart chart)
    {
        if (chart.Series.Any(series => series.Points.Count > 0))
        {
            SvgChart.Write(html, chart with { XRange = (0, epochs) });
        }
    }

    private static ChartSeries CreateSeries(MetricsTable log, string name, int color, string column) =>
        new(name, color, Curves.Downsample(log.Points(MetricsColumns.Epoch, column)));

    private static IEnumerable<ChartSeries> CreateSmoothedSeries(MetricsTable log, string name, int color, string column)
    {
        IReadOnlyList<(double X, double Y)> points = Curves.Downsample(log.Points(MetricsColumns.Epoch, column));
        return [new ChartSeries(name, color, points, Faint: true), new ChartSeries(name, color, Curves.Smooth(points))];
    }
}
