using FocalSharp.Evaluation.Calibration;

namespace FocalSharp.Cli.Terminal;

/// <summary>How far scores and deviations can be believed, in a few lines.</summary>
internal static class CalibrationView
{
    /// <summary>Writes a line for each number that is defined.</summary>
    public static void Write(ConsoleUi ui, CalibrationReport report)
    {
        if (double.IsFinite(report.Score.Spearman))
        {
            ui.Line($"Scores: rank with the real IoU, Spearman rho {report.Score.Spearman:F2}; off it by {report.Score.ExpectedCalibrationError:F2} on the mean");
        }

        EdgeCalibration edges = report.Edges;
        if (double.IsFinite(edges.SpearmanWithError))
        {
            ui.Line($"Edges: predicted deviation ranks with the real error of the side, Spearman rho {edges.SpearmanWithError:F2}");
        }

        if (double.IsFinite(edges.SpearmanWithBlur))
        {
            ui.Line($"Edges: predicted deviation ranks with the drawn blur of the side, Spearman rho {edges.SpearmanWithBlur:F2}");
        }

        if (edges.Count > 0)
        {
            ui.Line($"Edges: {edges.CoverageOneSigma:P0} of them lie within one predicted deviation, {edges.CoverageTwoSigma:P0} within two (normal: 68 %, 95 %)");
        }
    }
}
