using FocalSharp.Boxes;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Reporting.Charts;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Score against true IoU, edge deviation against true error, and coverage.</summary>
internal static class CalibrationSection
{
    public const string Advice = "Where a line deviates from the dashed one, correct scores and deviations with the curves on this page.";

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        CalibrationReport calibration = report.Calibration!;
        html.Add($"<p>Quality Focal Loss trains the score to be the IoU of the box with its object, and the distribution of an edge");
        html.Add($"predicts its error. If both are calibrated, the lines below follow the dashed ones.</p>");
        html.Add($"<div class=\"grid-cards\">");
        WriteScores(html, calibration);
        WriteDeviations(html, calibration.Edges);
        html.Add($"</div>");
        WriteSides(html, calibration);
        if (calibration.Intervals.Count > 0)
        {
            WriteIntervals(html, calibration.Intervals);
        }
    }

    private static void WriteScores(HtmlBuilder html, CalibrationReport calibration)
    {
        ScoreCalibration score = calibration.Score;
        ReliabilityBin[] filled = [.. score.Bins.Where(bin => bin.Count > 0)];
        SvgChart.Write(html, new Chart("Score against true IoU", "mean score of a bin", "mean true IoU", [
            new ChartSeries("score = IoU", 6, [(0, 0), (1, 1)], Dashed: true),
            new ChartSeries("detections, per tenth of the scores", 1, [.. filled.Select(bin => (bin.MeanScore, bin.MeanIou))])])
        {
            Note = $"Spearman's ρ = {Number.FormatScore(score.Spearman)}, expected calibration error {Number.FormatScore(score.ExpectedCalibrationError)}, D-ECE {Number.FormatScore(calibration.ScoreError.Precision)}, LaECE {Number.FormatScore(calibration.ScoreError.Localization)}, {score.Count} detections",
            XRange = (0, 1),
            YRange = (0, 1),
            HasTable = true,
        });
    }

    private static void WriteDeviations(HtmlBuilder html, EdgeCalibration edges)
    {
        double high = Math.Max(1e-3, edges.Bins.Select(bin => Math.Max(bin.MeanDeviation, bin.RootMeanSquareError)).DefaultIfEmpty(1).Max() * 1.05);
        SvgChart.Write(html, new Chart("Error against σ", "mean σ per tenth of the edges (px)", "root mean square error (px)", [
            new ChartSeries("error = σ", 6, [(0, 0), (high, high)], Dashed: true),
            new ChartSeries("edges, per tenth of σ", 2, [.. edges.Bins.Select(bin => (bin.MeanDeviation, bin.RootMeanSquareError))])])
        {
            Note = $"Error / σ {Number.FormatScore(edges.ErrorOverDeviation)}, {edges.Count} edges of detected objects",
            XRange = (0, high),
            YRange = (0, high),
            HasTable = true,
        });
    }

    private static void WriteSides(HtmlBuilder html, CalibrationReport calibration)
    {
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Coverage of the edge deviations</caption><thead><tr><th scope=\"col\">edge</th>");
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

        html.Add($"<tr><th scope=\"row\" class=\"muted\">normal distribution</th><td></td><td class=\"muted\">{FormatPercent(EdgeCalibration.NormalCoverageOneSigma)}</td>");
        html.Add($"<td class=\"muted\">{FormatPercent(EdgeCalibration.NormalCoverageTwoSigma)}</td><td></td><td></td><td></td></tr></tbody></table></div>");
    }

    private static void WriteIntervals(HtmlBuilder html, IReadOnlyList<IntervalCoverage> intervals)
    {
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Coverage of the calibrated intervals</caption><thead><tr><th scope=\"col\">level</th>");
        foreach (string column in new[] { "boxes", "edges within", "boxes within", "mean width (px)" })
        {
            html.Add($"<th scope=\"col\">{column}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (IntervalCoverage one in intervals)
        {
            html.Add($"<tr><th scope=\"row\">{FormatPercent(one.Level)}</th><td>{one.Boxes}</td><td>{FormatPercent(one.Edges)}</td><td>{FormatPercent(one.WholeBoxes)}</td><td>{FormatPixels(one.MeanWidth)}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }

    private static string FormatPercent(double value) => double.IsFinite(value) ? FormattableString.Invariant($"{100 * value:F1} %") : "–";

    private static string FormatPixels(double value) => double.IsFinite(value) ? FormattableString.Invariant($"{value:F2}") : "–";
}
