using System.Globalization;
using FocalSharp.Cli.Terminal;
using FocalSharp.Evaluation.Calibration.Fitting;
using Spectre.Console;

namespace FocalSharp.Cli.Calibration;

/// <summary>Prints what a calibration is worth on images that did not calibrate it.</summary>
internal static class CoverageView
{
    /// <summary>Prints coverage, widths and calibration errors.</summary>
    public static void Write(ConsoleUi ui, CoverageSummary summary)
    {
        if (summary.Trials.Count == 0)
        {
            ui.Warn("No half of the images has a detection that matches an object.");
            return;
        }

        ui.Line($"{summary.Trials.Count} random halves, {summary.Mean(trial => trial.Boxes):F0} matched detections in each measured half");
        ui.Line();
        Table table = Tables.Create(ui, "intervals", ">level", ">coverage", ">within 95 % band", ">mean width", ">constant width", ">narrower by");
        for (int i = 0; i < summary.Levels.Count; i++)
        {
            int level = i;
            Add(table, summary, "each edge", level, trial => trial.Edge[level], trial => trial.EdgeWidth[level], trial => trial.ConstantEdgeWidth[level]);
        }

        for (int i = 0; i < summary.Levels.Count; i++)
        {
            int level = i;
            Add(table, summary, "whole box", level, trial => trial.Box[level], trial => trial.BoxWidth[level], trial => trial.ConstantBoxWidth[level]);
        }

        ui.Write(table);
        ui.Line();
        ui.Line(string.Create(CultureInfo.InvariantCulture, $"Edges within one calibrated deviation: {summary.Mean(trial => trial.WithinOneDeviation):P1}, within two: {summary.Mean(trial => trial.WithinTwoDeviations):P1} (normal distribution: 68.3 %, 95.4 %)"));
        ui.Line(string.Create(CultureInfo.InvariantCulture, $"Scores: D-ECE {summary.Mean(trial => trial.ErrorBefore.Precision):F3} before, {summary.Mean(trial => trial.ErrorAfter.Precision):F3} after; LaECE {summary.Mean(trial => trial.ErrorBefore.Localization):F3} before, {summary.Mean(trial => trial.ErrorAfter.Localization):F3} after"));
    }

    private static void Add(
        Table table, CoverageSummary summary, string what, int level, Func<CoverageTrial, double> coverage, Func<CoverageTrial, double> width, Func<CoverageTrial, double> constant)
    {
        double nominal = summary.Levels[level];
        if (!double.IsFinite(summary.Mean(width)))
        {
            table.Row(what, Percent(nominal), "too few examples", "", "", "", "");
            return;
        }

        table.Row(
            what,
            Percent(nominal),
            Percent(summary.Mean(coverage)),
            string.Create(CultureInfo.InvariantCulture, $"{summary.FractionWithinBand(coverage, nominal):P0} of halves (±{100 * summary.HalfBand(nominal):F1})"),
            string.Create(CultureInfo.InvariantCulture, $"{summary.Mean(width):F1} px"),
            string.Create(CultureInfo.InvariantCulture, $"{summary.Mean(constant):F1} px"),
            Percent(1 - (summary.Mean(width) / summary.Mean(constant))));
    }

    private static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value:F1} %");
}
