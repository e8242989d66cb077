using System.Text.Json;
using FocalSharp.Boxes;

namespace FocalSharp.Evaluation.Calibration;

/// <summary>Writes a <see cref="CalibrationReport"/> as a JSON object; undefined values are null.</summary>
internal static class CalibrationJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter writer, CalibrationReport report)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("score");
        writer.WriteNumber("detections", report.Score.Count);
        WriteNumber(writer, "spearman", report.Score.Spearman);
        WriteNumber(writer, "expected_calibration_error", report.Score.ExpectedCalibrationError);
        WriteNumber(writer, "detection_calibration_error", report.ScoreError.Precision);
        WriteNumber(writer, "localization_aware_calibration_error", report.ScoreError.Localization);
        writer.WriteStartArray("bins");
        foreach (ReliabilityBin bin in report.Score.Bins)
        {
            writer.WriteStartObject();
            WriteNumber(writer, "from", bin.From);
            WriteNumber(writer, "to", bin.To);
            writer.WriteNumber("count", bin.Count);
            WriteNumber(writer, "mean_score", bin.MeanScore);
            WriteNumber(writer, "mean_iou", bin.MeanIou);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartObject("edges");
        WriteEdges(writer, report.Edges);
        writer.WriteStartObject("sides");
        foreach ((string name, EdgeCalibration side) in SideValues.Names.Zip(report.Sides))
        {
            writer.WriteStartObject(name);
            WriteEdges(writer, side);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        WriteIntervals(writer, report.Intervals);
        writer.WriteEndObject();
    }

    private static void WriteIntervals(Utf8JsonWriter writer, IReadOnlyList<IntervalCoverage> intervals)
    {
        if (intervals.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("intervals");
        foreach (IntervalCoverage one in intervals)
        {
            writer.WriteStartObject();
            WriteNumber(writer, "level", one.Level);
            writer.WriteNumber("boxes", one.Boxes);
            WriteNumber(writer, "edge_coverage", one.Edges);
            WriteNumber(writer, "box_coverage", one.WholeBoxes);
            WriteNumber(writer, "mean_width", one.MeanWidth);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteEdges(Utf8JsonWriter writer, EdgeCalibration edges)
    {
        writer.WriteNumber("count", edges.Count);
        WriteNumber(writer, "spearman_error", edges.SpearmanWithError);
        WriteNumber(writer, "spearman_blur", edges.SpearmanWithBlur);
        WriteNumber(writer, "coverage_1_sigma", edges.CoverageOneSigma);
        WriteNumber(writer, "coverage_2_sigma", edges.CoverageTwoSigma);
        WriteNumber(writer, "mean_deviation", edges.MeanDeviation);
        WriteNumber(writer, "mean_error", edges.MeanError);
        WriteNumber(writer, "error_over_deviation", edges.ErrorOverDeviation);
        writer.WriteStartArray("bins");
        foreach (DeviationBin bin in edges.Bins)
        {
            writer.WriteStartObject();
            writer.WriteNumber("count", bin.Count);
            WriteNumber(writer, "mean_deviation", bin.MeanDeviation);
            WriteNumber(writer, "mean_error", bin.MeanError);
            WriteNumber(writer, "root_mean_square_error", bin.RootMeanSquareError);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
