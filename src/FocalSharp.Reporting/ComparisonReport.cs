using System.Globalization;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.IO;
using FocalSharp.Reporting.Charts;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting;

/// <summary>The report of two runs on the same images: the difference of AP, who finds what, curves over each other, and the settings that differ.</summary>
/// <param name="First">The report of the first run, with its error analysis.</param>
/// <param name="Second">The report of the second run on the same images.</param>
/// <param name="Values">The differences.</param>
internal sealed record ComparisonReport(DetectionReport First, DetectionReport Second, DetectorComparison Values)
{
    private const int MaxImages = 20;

    // One color per run, in every chart.
    private const int FirstColor = 1;
    private const int SecondColor = 2;

    /// <summary>Gets the command that opens both runs in the explorer; empty for none.</summary>
    public string ExploreCommand { get; init; } = "";

    /// <summary>Compares two reports.</summary>
    /// <exception cref="OptionException">They are of different images or labels.</exception>
    public static ComparisonReport Create(DetectionReport first, DetectionReport second)
    {
        try
        {
            return new ComparisonReport(first, second, DetectorComparison.Create(first.Analysis!.Matched, second.Analysis!.Matched));
        }
        catch (ArgumentException exception)
        {
            throw new OptionException($"{first.Title} and {second.Title} cannot be compared: they were evaluated on different images, classes or labels.", exception);
        }
    }

    /// <summary>Renders the report to a file. The file is written atomically.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, Render());

    /// <summary>Renders the report as a self-contained HTML page.</summary>
    public string Render()
    {
        HtmlBuilder html = new();
        HtmlReport.WriteStart(html, $"{First.Title} and {Second.Title} – FocalSharp comparison");
        html.Add($"<header><div class=\"brand\">").AddTrusted(Logo.Inline);
        html.Add($"<span>FocalSharp comparison</span><button type=\"button\" data-toggle-theme hidden>Dark</button></div><h1>{First.Title} and {Second.Title}</h1>");
        html.Add($"<p class=\"lead\">{First.EvaluatedOn}</p><dl class=\"facts\">");
        html.Add($"<div class=\"main\"><dt>AP, {First.Title}</dt><dd>{Number.FormatScore(First.Metrics!.AP)}</dd></div><div class=\"main\"><dt>AP, {Second.Title}</dt><dd>{Number.FormatScore(Second.Metrics!.AP)}</dd></div>");
        html.Add($"</dl></header><main id=\"content\">");
        WriteDifference(html);
        WriteObjects(html);
        WriteCurves(html);
        WriteSettings(html);
        html.Add($"</main><footer>Created by FocalSharp {First.Version}. This page is self-contained.</footer>");
        HtmlReport.WriteEnd(html);
        return html.ToString();
    }

    private void WriteDifference(HtmlBuilder html)
    {
        html.Add($"<section aria-labelledby=\"difference\"><h2 id=\"difference\">Difference</h2><p class=\"todo\">{Conclude()}</p>");
        html.Add($"<p>{First.Title} minus {Second.Title}; {100 * Values.Level:F0} % interval by a paired bootstrap over the images.</p>");
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Metrics, then the AP of each class</caption><thead><tr>");
        foreach (string column in (string[])["metric", "objects", First.Title, Second.Title, "difference", "interval", "p"])
        {
            html.Add($"<th scope=\"col\">{column}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (ComparedMetric row in Values.Headline.Concat(Values.Classes))
        {
            html.Add($"<tr><th scope=\"row\">{row.Name}</th><td>{row.Objects}</td>");
            if (row.Difference is { } value)
            {
                html.Add($"<td>{Number.FormatScore(value.First)}</td><td>{Number.FormatScore(value.Second)}</td><td>{FormatSigned(value.Difference)}</td>");
                html.Add($"<td>{FormatSigned(value.Interval.Low)} to {FormatSigned(value.Interval.High)}</td><td>{value.PValue.ToString("0.000", CultureInfo.InvariantCulture)}</td></tr>");
            }
            else
            {
                html.Add($"<td>–</td><td>–</td><td>–</td><td>–</td><td>–</td></tr>");
            }
        }

        html.Add($"</tbody></table></div></section>");
    }

    private string Conclude() => Values.Headline[0].Difference is not { } value ? "There are no objects."
        : value.Interval.Low > 0 || value.Interval.High < 0
            ? $"{(value.Difference > 0 ? First.Title : Second.Title)} has the higher AP, by {Number.FormatScore(Math.Abs(value.Difference))}; the interval of the difference excludes 0."
            : $"The difference of AP, {FormatSigned(value.Difference)}, may be chance: its interval includes 0. More evaluation images narrow it.";

    private void WriteObjects(HtmlBuilder html)
    {
        int first = Values.Objects.Count(item => item is { ByFirst: true, BySecond: false });
        int second = Values.Objects.Count(item => item is { ByFirst: false, BySecond: true });
        int neither = Values.Objects.Count(item => item is { ByFirst: false, BySecond: false });
        html.Add($"<section aria-labelledby=\"objects\"><h2 id=\"objects\">What one finds and the other misses</h2>");
        html.Add($"<p>Of {Values.Objects.Count} objects, both find {Values.Objects.Count - first - second - neither}; only {First.Title} finds {first}, only {Second.Title} {second}; neither finds {neither}.");
        html.Add($"Each at its score with the best F1 ({First.Analysis!.Threshold:F2} and {Second.Analysis!.Threshold:F2}), at IoU ≥ {DetectionAnalysis.Iou:F2}.");
        if (ExploreCommand.Length > 0)
        {
            html.Add($"Side by side on the images: <code>{ExploreCommand}</code>, page Comparison.");
        }

        if (first + second == 0)
        {
            html.Add($"</p></section>");
            return;
        }

        html.Add($"</p><div class=\"card scroll\" tabindex=\"0\"><table><caption>Images with the most differences</caption><thead><tr><th scope=\"col\">image</th>");
        html.Add($"<th scope=\"col\">only {First.Title}</th><th scope=\"col\">only {Second.Title}</th><th scope=\"col\">neither</th><th scope=\"col\">objects</th></tr></thead><tbody>");
        foreach (IGrouping<long, ComparedObject> image in Values.Objects.GroupBy(item => First.Analysis!.Matched.Truth[item.Position].ImageId)
            .Where(group => group.Any(item => item.ByFirst != item.BySecond))
            .OrderByDescending(group => group.Count(item => item.ByFirst != item.BySecond)).ThenBy(group => group.Key).Take(MaxImages))
        {
            html.Add($"<tr><th scope=\"row\">{First.Analysis!.NameOf(image.Key)}</th><td>{image.Count(item => item is { ByFirst: true, BySecond: false })}</td>");
            html.Add($"<td>{image.Count(item => item is { ByFirst: false, BySecond: true })}</td><td>{image.Count(item => item is { ByFirst: false, BySecond: false })}</td><td>{image.Count()}</td></tr>");
        }

        html.Add($"</tbody></table></div></section>");
    }

    private void WriteCurves(HtmlBuilder html)
    {
        Chart[] charts =
        [
            CreateChart("Quality focal loss", "loss", MetricsColumns.QualityLoss, MetricsColumns.ValidationQualityLoss),
            CreateChart("GIoU loss", "loss", MetricsColumns.BoxLoss, MetricsColumns.ValidationBoxLoss),
            CreateChart("Distribution focal loss", "loss", MetricsColumns.DistributionLoss, MetricsColumns.ValidationDistributionLoss),
            CreateChart("AP", "AP", MetricsColumns.AP),
            CreateChart("Learning rate", "lr", MetricsColumns.LearningRate),
        ];
        if (charts.All(chart => chart.Series.Count == 0))
        {
            return;
        }

        html.Add($"<section aria-labelledby=\"curves\"><h2 id=\"curves\">Training curves</h2><p>Solid: training; dashed: on the evaluation images. Losses of different recipes may be weighted differently.</p><div class=\"grid-cards\">");
        foreach (Chart chart in charts.Where(chart => chart.Series.Count > 0))
        {
            SvgChart.Write(html, chart);
        }

        html.Add($"</div></section>");
    }

    private Chart CreateChart(string title, string label, string column, string? evaluation = null) => new(title, "epoch", label,
    [
        .. new[] { (First, FirstColor), (Second, SecondColor) }.SelectMany(run => new[]
        {
            new ChartSeries(run.Item1.Title, run.Item2, GetPoints(run.Item1, column)),
            new ChartSeries($"{run.Item1.Title}, evaluation", run.Item2, evaluation is null ? [] : GetPoints(run.Item1, evaluation), Dashed: true),
        }).Where(series => series.Points.Count > 0),
    ]);

    private static IReadOnlyList<(double X, double Y)> GetPoints(DetectionReport report, string column) =>
        Curves.Smooth(Curves.Downsample(report.Log?.Points(MetricsColumns.Epoch, column) ?? []));

    private void WriteSettings(HtmlBuilder html)
    {
        Dictionary<string, string> first = First.Settings.ToDictionary(), second = Second.Settings.ToDictionary();
        string[] keys = [.. first.Keys.Union(second.Keys).Where(key => first.GetValueOrDefault(key) != second.GetValueOrDefault(key)).Order(StringComparer.Ordinal)];
        html.Add($"<section aria-labelledby=\"settings\"><h2 id=\"settings\">Settings that differ</h2>");
        if (keys.Length == 0)
        {
            html.Add($"<p>The settings are the same.</p></section>");
            return;
        }

        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Settings that differ</caption><thead><tr><th scope=\"col\">setting</th><th scope=\"col\" class=\"text\">{First.Title}</th><th scope=\"col\" class=\"text\">{Second.Title}</th></tr></thead><tbody>");
        foreach (string key in keys)
        {
            html.Add($"<tr><th scope=\"row\">{key}</th><td class=\"text\"><code>{first.GetValueOrDefault(key, "–")}</code></td><td class=\"text\"><code>{second.GetValueOrDefault(key, "–")}</code></td></tr>");
        }

        html.Add($"</tbody></table></div></section>");
    }

    private static string FormatSigned(double value) => value.ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture);
}
