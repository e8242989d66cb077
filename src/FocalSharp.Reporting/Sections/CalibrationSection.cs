using FocalSharp.Boxes;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Reporting.Charts;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Score against real overlap, deviation against real error, and how often an edge lies where it was said to.</summary>
internal static class CalibrationSection
{
    public const string Advice = "Decide how far to take scores and deviations at their word: where a line leaves the dashed one, go by the curves on this page instead.";

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        CalibrationReport calibration = report.Calibration!;
        html.Add($"<p>Quality Focal Loss teaches the score to be the IoU of the box with its object, and the distribution of an edge tells");
        html.Add($"how far it may be off. Where both can be believed, the lines below follow the dashed ones.</p>");
        html.Add($"<div class=\"grid-cards\">");
        WriteScores(html, calibration.Score);
        WriteDeviations(html, calibration.Edges);
        html.Add($"</div>");
        WriteSides(html, calibration);
    }

    private static void WriteScores(HtmlBuilder html, ScoreCalibration score)
    {
        ReliabilityBin[] filled = [.. score.Bins.Where(bin => bin.Count > 0)];
        SvgChart.Write(html, new Chart("Score against real IoU", "mean score of a bin", "mean real IoU", [
            new ChartSeries("score = IoU", 6, [(0, 0), (1, 1)], Dashed: true),
            new ChartSeries("detections, by tenths of the score", 1, [.. filled.Select(bin => (bin.MeanScore, bin.MeanIou))])])
        {
            Note = $"Spearman's ρ = {Number.FormatScore(score.Spearman)}, expected calibration error {Number.FormatScore(score.ExpectedCalibrationError)}, {score.Count} detections",
            XRange = (0, 1),
            YRange = (0, 1),
            HasTable = true,
        });
    }

    private static void WriteDeviations(HtmlBuilder html, EdgeCalibration edges)
    {
        double high = Math.Max(1e-3, edges.Bins.Select(bin => Math.Max(bin.MeanDeviation, bin.RootMeanSquareError)).DefaultIfEmpty(1).Max() * 1.05);
        SvgChart.Write(html, new Chart("Size of the errors against σ", "mean σ of a tenth of the edges (px)", "root mean square error (px)", [
            new ChartSeries("error = σ", 6, [(0, 0), (high, high)], Dashed: true),
            new ChartSeries("edges, by tenths of σ", 2, [.. edges.Bins.Select(bin => (bin.MeanDeviation, bin.RootMeanSquareError))])])
        {
            Note = $"Errors are {Number.FormatScore(edges.ErrorOverDeviation)} σ on the whole, {edges.Count} edges of found objects",
            XRange = (0, high),
            YRange = (0, high),
            HasTable = true,
        });
    }

    private static void WriteSides(HtmlBuilder html, CalibrationReport calibration)
    {
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>How often an edge lies within its deviation</caption><thead><tr><th scope=\"col\">edge</th>");
        foreach (string column in new[] { "edges", "within σ", "within 2 σ", "mean σ (px)", "mean error (px)", "ρ" })
        {
            html.Add($"<th scope=\"col\">{column}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach ((string name, EdgeCalibration edges) in SideValues.Names.Zip(calibration.Sides).Append(("all", calibration.Edges)))
        {
            html.Add($"<tr><th scope=\"row\">{name}</th><td>{edges.Count}</td><td>{FormatPercent(edges.CoverageOneSigma)}</td><td>{FormatPercent(edges.CoverageTwoSigma)}</td>");
            html.Add($"<td>{FormatPixels(edges.MeanDeviation)}</td><td>{FormatPixels(edges.MeanError)}</td><td>{Number.FormatScore(edges.SpearmanWithError)}</td></tr>");
        }

        html.Add($"<tr><th scope=\"row\" class=\"muted\">a normal distribution</th><td></td><td class=\"muted\">{FormatPercent(EdgeCalibration.NormalCoverageOneSigma)}</td>");
        html.Add($"<td class=\"muted\">{FormatPercent(EdgeCalibration.NormalCoverageTwoSigma)}</td><td></td><td></td><td></td></tr></tbody></table></div>");
    }

    private static string FormatPercent(double value) => double.IsFinite(value) ? FormattableString.Invariant($"{100 * value:F1} %") : "–";

    private static string FormatPixels(double value) => double.IsFinite(value) ? FormattableString.Invariant($"{value:F2}") : "–";
}
