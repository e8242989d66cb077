using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.IO;

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
        writer.WriteFinite("spearman", report.Score.Spearman);
        writer.WriteFinite("expected_calibration_error", report.Score.ExpectedCalibrationError);
        writer.WriteFinite("detection_calibration_error", report.ScoreError.Precision);
        writer.WriteFinite("localization_aware_calibration_error", report.ScoreError.Localization);
        writer.WriteStartArray("bins");
        foreach (ReliabilityBin bin in report.Score.Bins)
        {
            writer.WriteStartObject();
            writer.WriteFinite("from", bin.From);
            writer.WriteFinite("to", bin.To);
            writer.WriteNumber("count", bin.Count);
            writer.WriteFinite("mean_score", bin.MeanScore);
            writer.WriteFinite("mean_iou", bin.MeanIou);
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
            writer.WriteFinite("level", one.Level);
            writer.WriteNumber("boxes", one.Boxes);
            writer.WriteFinite("edge_coverage", one.Edges);
            writer.WriteFinite("box_coverage", one.WholeBoxes);
            writer.WriteFinite("mean_width", one.MeanWidth);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteEdges(Utf8JsonWriter writer, EdgeCalibration edges)
    {
        writer.WriteNumber("count", edges.Count);
        writer.WriteFinite("spearman_error", edges.SpearmanWithError);
        writer.WriteFinite("spearman_blur", edges.SpearmanWithBlur);
        writer.WriteFinite("coverage_1_sigma", edges.CoverageOneSigma);
        writer.WriteFinite("coverage_2_sigma", edges.CoverageTwoSigma);
        writer.WriteFinite("mean_deviation", edges.MeanDeviation);
        writer.WriteFinite("mean_error", edges.MeanError);
        writer.WriteFinite("error_over_deviation", edges.ErrorOverDeviation);
        writer.WriteStartArray("bins");
        foreach (DeviationBin bin in edges.Bins)
        {
            writer.WriteStartObject();
            writer.WriteNumber("count", bin.Count);
            writer.WriteFinite("mean_deviation", bin.MeanDeviation);
            writer.WriteFinite("mean_error", bin.MeanError);
            writer.WriteFinite("root_mean_square_error", bin.RootMeanSquareError);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
