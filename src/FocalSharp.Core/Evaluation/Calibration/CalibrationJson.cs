using System.Text.Json;
using FocalSharp.Detections;

namespace FocalSharp.Evaluation.Calibration;

/// <summary>Writes a <see cref="CalibrationReport"/> as a JSON object; what is undefined becomes null.</summary>
public static class CalibrationJson
{

    /// <summary>Writes the object's value.</summary>
    public static void Write(Utf8JsonWriter writer, CalibrationReport report)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("score");
        writer.WriteNumber("detections", report.Score.Count);
        Number(writer, "spearman", report.Score.Spearman);
        Number(writer, "expected_calibration_error", report.Score.ExpectedError);
        writer.WriteStartArray("bins");
        foreach (ReliabilityBin bin in report.Score.Bins)
        {
            writer.WriteStartObject();
            Number(writer, "from", bin.From);
            Number(writer, "to", bin.To);
            writer.WriteNumber("count", bin.Count);
            Number(writer, "mean_score", bin.MeanScore);
            Number(writer, "mean_iou", bin.MeanIou);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartObject("edges");
        Edges(writer, report.Edges);
        writer.WriteStartObject("sides");
        foreach ((string name, EdgeCalibration side) in SideValues.Names.Zip(report.Sides))
        {
            writer.WriteStartObject(name);
            Edges(writer, side);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Edges(Utf8JsonWriter writer, EdgeCalibration edges)
    {
        writer.WriteNumber("count", edges.Count);
        Number(writer, "spearman_error", edges.SpearmanWithError);
        Number(writer, "spearman_blur", edges.SpearmanWithBlur);
        Number(writer, "coverage_1_sigma", edges.WithinOne);
        Number(writer, "coverage_2_sigma", edges.WithinTwo);
        Number(writer, "mean_deviation", edges.MeanDeviation);
        Number(writer, "mean_error", edges.MeanError);
        Number(writer, "error_over_deviation", edges.ErrorOverDeviation);
        writer.WriteStartArray("bins");
        foreach (DeviationBin bin in edges.Bins)
        {
            writer.WriteStartObject();
            writer.WriteNumber("count", bin.Count);
            Number(writer, "mean_deviation", bin.MeanDeviation);
            Number(writer, "mean_error", bin.MeanError);
            Number(writer, "root_mean_square_error", bin.RootMeanSquareError);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter writer, string name, double value)
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
