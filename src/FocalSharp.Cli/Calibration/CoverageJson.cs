using System.Text.Json;
using FocalSharp.Cli.Terminal;
using FocalSharp.Evaluation.Calibration.Fitting;
using FocalSharp.IO;

namespace FocalSharp.Cli.Calibration;

/// <summary>Formats the measured worth of a calibration as JSON; undefined values are null.</summary>
internal static class CoverageJson
{
    /// <summary>Creates the text.</summary>
    public static string Create(CalibrationRun run, CoverageSummary summary) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("model", run.Model.Name);
        writer.WriteString("data", run.Data);
        writer.WriteString("split", run.Split);
        writer.WriteNumber("images", run.Observed.Images.Count);
        writer.WriteNumber("trials", summary.Trials.Count);
        writer.WriteFinite("boxes_per_trial", summary.Mean(trial => trial.Boxes));
        writer.WriteStartArray("levels");
        for (int i = 0; i < summary.Levels.Count; i++)
        {
            int level = i;
            writer.WriteStartObject();
            writer.WriteNumber("level", summary.Levels[level]);
            writer.WriteFinite("half_band", summary.HalfBand(summary.Levels[level]));
            WriteIntervals(writer, "edge", summary, summary.Levels[level], trial => trial.Edge[level], trial => trial.EdgeWidth[level], trial => trial.ConstantEdgeWidth[level]);
            WriteIntervals(writer, "box", summary, summary.Levels[level], trial => trial.Box[level], trial => trial.BoxWidth[level], trial => trial.ConstantBoxWidth[level]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteFinite("coverage_1_sigma", summary.Mean(trial => trial.WithinOneDeviation));
        writer.WriteFinite("coverage_2_sigma", summary.Mean(trial => trial.WithinTwoDeviations));
        WriteErrors(writer, "before", summary, trial => trial.ErrorBefore);
        WriteErrors(writer, "after", summary, trial => trial.ErrorAfter);
        writer.WriteEndObject();
    });

    private static void WriteIntervals(
        Utf8JsonWriter writer, string name, CoverageSummary summary, double level, Func<CoverageTrial, double> coverage, Func<CoverageTrial, double> width, Func<CoverageTrial, double> constant)
    {
        writer.WriteStartObject(name);
        bool isDefined = double.IsFinite(summary.Mean(width));
        writer.WriteFinite("coverage", isDefined ? summary.Mean(coverage) : null);
        writer.WriteFinite("trials_within_band", isDefined ? summary.FractionWithinBand(coverage, level) : null);
        writer.WriteFinite("mean_width", summary.Mean(width));
        writer.WriteFinite("constant_width", summary.Mean(constant));
        writer.WriteFinite("narrower", 1 - (summary.Mean(width) / summary.Mean(constant)));
        writer.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter writer, string name, CoverageSummary summary, Func<CoverageTrial, DetectionCalibrationError> error)
    {
        writer.WriteStartObject(name);
        writer.WriteFinite("detection_calibration_error", summary.Mean(trial => error(trial).Precision));
        writer.WriteFinite("localization_aware_calibration_error", summary.Mean(trial => error(trial).Localization));
        writer.WriteEndObject();
    }
}
