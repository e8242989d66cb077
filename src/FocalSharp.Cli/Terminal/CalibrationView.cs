using FocalSharp.Evaluation.Calibration;

namespace FocalSharp.Cli.Terminal;

/// <summary>Prints the calibration of scores and edge uncertainties.</summary>
internal static class CalibrationView
{
    /// <summary>Prints a line for each defined metric.</summary>
    public static void Write(ConsoleUi ui, CalibrationReport report)
    {
        if (double.IsFinite(report.Score.Spearman))
        {
            ui.Line($"Score calibration: Spearman ρ with the true IoU {report.Score.Spearman:F2}, expected calibration error {report.Score.ExpectedCalibrationError:F2}, D-ECE {report.ScoreError.Precision:F2}, LaECE {report.ScoreError.Localization:F2}");
        }

        EdgeCalibration edges = report.Edges;
        if (double.IsFinite(edges.SpearmanWithError))
        {
            ui.Line($"Edge uncertainty: Spearman ρ of the predicted deviation with the true error {edges.SpearmanWithError:F2}");
        }

        if (double.IsFinite(edges.SpearmanWithBlur))
        {
            ui.Line($"Edge uncertainty: Spearman ρ of the predicted deviation with the blur in the image {edges.SpearmanWithBlur:F2}");
        }

        if (edges.Count > 0)
        {
            ui.Line($"Edge uncertainty: {edges.CoverageOneSigma:P0} of the edges are within one predicted deviation, {edges.CoverageTwoSigma:P0} within two (normal distribution: 68 %, 95 %)");
        }

        foreach (IntervalCoverage one in report.Intervals)
        {
            ui.Line(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"Calibrated intervals of {one.Level:P0}: {one.Edges:P1} of the edges, {one.WholeBoxes:P1} of the whole boxes, mean width {one.MeanWidth:F1} px"));
        }
    }
}
