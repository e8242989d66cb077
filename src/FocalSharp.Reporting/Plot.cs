using FocalSharp.Evaluation.Coco;
using FocalSharp.Losses;
using FocalSharp.Notebooks;
using FocalSharp.Reporting.Charts;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting;

/// <summary>
/// Line charts as HTML with inline SVG, without scripts: of losses, of a training and of an evaluation. In a .NET Interactive notebook a plot
/// shows itself.
/// </summary>
[TypeFormatterSource(typeof(PlotFormatters), PreferredMimeTypes = [HtmlText.MimeType])]
public sealed class Plot
{
    private const int Samples = 200;
    private const int MaxClasses = 6;

    private readonly Chart[] _charts;

    internal Plot(params Chart[] charts) => _charts = charts;

    /// <summary>Creates a chart of any values.</summary>
    /// <param name="title">The title.</param>
    /// <param name="xLabel">The label of the x axis.</param>
    /// <param name="yLabel">The label of the y axis.</param>
    /// <param name="series">Name and points of each line. Points with a y that is not finite are left out.</param>
    public static Plot Lines(string title, string xLabel, string yLabel, params IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> series)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(yLabel);
        ArgumentNullException.ThrowIfNull(series);
        return new Plot(new Chart(title, xLabel, yLabel, [.. series.Select((line, i) => CreateSeries(line.Name, i, line.Points))]));
    }

    /// <summary>Creates a chart of Quality Focal Loss by probability, a line for each quality.</summary>
    /// <param name="beta">The focusing exponent, 0 or more. Default: the paper's 2.</param>
    /// <param name="qualities">The targets, 0 to 1; none for 0, 0.5 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static Plot QualityFocalLoss(double beta = QualityFocalLossFormula.DefaultBeta, params IReadOnlyList<double> qualities)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(beta);
        ArgumentNullException.ThrowIfNull(qualities);
        if (qualities.Count == 0)
        {
            qualities = [0, 0.5, 1];
        }

        foreach (double quality in qualities)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(quality, nameof(qualities));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 1, nameof(qualities));
        }

        return new Plot(new Chart(FormattableString.Invariant($"Quality Focal Loss, beta {beta}"), "probability", "loss", [
            .. qualities.Select((quality, i) => CreateSeries(
                FormattableString.Invariant($"quality {quality}"), i, Sample(0.005, 0.995, p => QualityFocalLossFormula.EvaluateProbability(p, quality, beta).Loss)))]));
    }

    /// <summary>
    /// Creates a chart of Distribution Focal Loss by target, for a side's distribution: the loss is lowest where the distribution has its weight.
    /// </summary>
    /// <param name="logits">The logits of the bins 0 … n, at least 2.</param>
    /// <exception cref="ArgumentException">There are less than 2 logits.</exception>
    public static Plot DistributionFocalLoss(params IReadOnlyList<double> logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Count < 2)
        {
            throw new ArgumentException($"A distribution has at least 2 bins, got {logits.Count} logits.", nameof(logits));
        }

        double[] bins = [.. logits];
        double[] probabilities = new double[bins.Length];
        FocalSharp.Distributions.DistributionMath.Softmax<double>(bins, probabilities);
        double[] gradient = new double[bins.Length];
        return new Plot(
            new Chart("Distribution Focal Loss", "target (strides)", "loss", [
                CreateSeries("loss", 0, Sample(0, bins.Length - 1, target => DistributionFocalLossFormula.Evaluate<double>(bins, target, gradient)))]),
            new Chart("Distribution", "bin", "probability", [CreateSeries("P(bin)", 1, [.. probabilities.Select((p, bin) => ((double)bin, p))])]));
    }

    /// <summary>Creates charts of a run's losses and AP by epoch.</summary>
    /// <param name="runFolder">The folder of the run, which contains <c>metrics.csv</c>.</param>
    /// <exception cref="FileException">The file does not exist or is not a log.</exception>
    public static Plot TrainingCurves(string runFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        MetricsTable log = MetricsLog.Read(Path.Combine(runFolder, "metrics.csv"));
        return new Plot(
            new Chart("Losses", "epoch", "loss", [
                CreateColumn(log, "quality focal loss", 0, MetricsColumns.QualityLoss), CreateColumn(log, "GIoU loss", 1, MetricsColumns.BoxLoss),
                CreateColumn(log, "distribution focal loss", 2, MetricsColumns.DistributionLoss)]),
            new Chart("Average precision", "epoch", "AP", [
                CreateColumn(log, "AP", 0, MetricsColumns.AP, smooth: false), CreateColumn(log, "AP50", 1, MetricsColumns.AP50, smooth: false)])
            { YRange = (0, 1) });
    }

    /// <summary>Creates a chart of precision by recall, for the classes with the most objects.</summary>
    /// <param name="metrics">The metrics.</param>
    /// <param name="iou">The IoU threshold, one of those evaluated. Default 0.5.</param>
    public static Plot PrecisionRecall(CocoMetrics metrics, double iou = 0.5)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        IEnumerable<int> classes = Enumerable.Range(0, metrics.PerClass.Count)
            .Where(k => metrics.PerClass[k].GroundTruths > 0).OrderByDescending(k => metrics.PerClass[k].GroundTruths).Take(MaxClasses);
        return new Plot(new Chart(FormattableString.Invariant($"Precision and recall at IoU {iou:0.00}"), "recall", "precision", [
            .. classes.Select((k, i) => CreateSeries(
                metrics.PerClass[k].Name, i, [.. metrics.Options.RecallThresholds.Zip(Evaluation.Coco.PrecisionRecall.Interpolated(metrics, k, iou))]))])
        {
            XRange = (0, 1),
            YRange = (0, 1),
        });
    }

    /// <summary>Returns the charts as HTML: a fragment that brings its styles and can stand anywhere in a page.</summary>
    public string ToHtml()
    {
        HtmlBuilder html = new();
        html.AddTrusted($"<div class=\"focalsharp-plot\">{PlotFormatters.Style}");
        foreach (Chart chart in _charts)
        {
            SvgChart.WriteStatic(html, chart);
        }

        return html.AddTrusted("</div>").ToString();
    }

    private static ChartSeries CreateSeries(string name, int index, IReadOnlyList<(double X, double Y)> points) => new(name, (index % MaxClasses) + 1, points);

    private static ChartSeries CreateColumn(MetricsTable log, string name, int index, string column, bool smooth = true)
    {
        IReadOnlyList<(double X, double Y)> points = Curves.Downsample(log.Points(MetricsColumns.Epoch, column));
        return CreateSeries(name, index, smooth ? Curves.Smooth(points) : points);
    }

    private static (double X, double Y)[] Sample(double from, double to, Func<double, double> value) =>
        [.. Enumerable.Range(0, Samples + 1).Select(i => from + (i * (to - from) / Samples)).Select(x => (x, value(x)))];
}
