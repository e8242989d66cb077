using System.Text.Json;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;
using FocalSharp.Distributions;
using FocalSharp.Imaging.Drawing;

namespace FocalSharp.Explorer.Detections;

/// <summary>
/// Writes all candidates of an image before NMS, so that the sliders of the page need no further request. Boxes and scores are written without
/// rounding, because the NMS of the page must select the same boxes as the library.
/// </summary>
internal static class CandidateJson
{
    private const int MaxModes = 3;

    /// <summary>Writes the response.</summary>
    public static void Write(Utf8JsonWriter writer, CandidatesResponse response)
    {
        writer.WriteStartObject();
        writer.WriteString("name", response.Name);
        writer.WriteNumber("width", response.Width);
        writer.WriteNumber("height", response.Height);
        writer.WriteNumber("seconds", Math.Round(response.Seconds, 3));
        writer.WriteNumber("floor", response.MinScore);
        writer.WriteString("note", response.Note);
        WriteDefaults(writer, response.Defaults);
        WriteClasses(writer, response.Classes);
        writer.WriteStartArray("candidates");
        foreach (Detection candidate in response.Candidates)
        {
            WriteCandidate(writer, candidate);
        }

        writer.WriteEndArray();
        WriteGroundTruth(writer, response.GroundTruth);
        writer.WriteEndObject();
    }

    private static void WriteDefaults(Utf8JsonWriter writer, PostprocessOptions defaults)
    {
        writer.WriteStartObject("defaults");
        writer.WriteNumber("nms", defaults.NmsThreshold);
        writer.WriteNumber("max", defaults.MaxDetections);
        writer.WriteEndObject();
    }

    private static void WriteClasses(Utf8JsonWriter writer, IReadOnlyList<string> classes)
    {
        writer.WriteStartArray("classes");
        for (int label = 0; label < classes.Count; label++)
        {
            Imaging.RgbColor color = Palette.GetColor(label);
            writer.WriteStartObject();
            writer.WriteString("name", classes[label]);
            writer.WriteString("color", $"#{color.R:x2}{color.G:x2}{color.B:x2}");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCandidate(Utf8JsonWriter writer, Detection candidate)
    {
        writer.WriteStartObject();
        writer.WriteNumber("label", candidate.Label);
        writer.WriteNumber("score", candidate.Score);
        writer.WriteStartArray("box");
        foreach (float edge in (float[])[candidate.Box.X1, candidate.Box.Y1, candidate.Box.X2, candidate.Box.Y2])
        {
            writer.WriteNumberValue(edge);
        }

        writer.WriteEndArray();
        WriteSides(writer, "mean", side => candidate.Mean[side], 2);
        WriteSides(writer, "deviation", side => candidate.Deviation[side], 3);
        writer.WriteStartArray("quantiles");
        foreach (EdgeQuantile quantile in candidate.Quantiles)
        {
            writer.WriteStartObject();
            writer.WriteNumber("probability", quantile.Probability);
            WriteSides(writer, "position", side => quantile.Position[side], 2);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (candidate.Intervals is not null && candidate.GetInterval(DetectionCalibration.ReportedLevel) is { } interval)
        {
            writer.WriteStartObject("interval90");
            WriteSides(writer, "lower", side => interval.Lower[side], 2);
            WriteSides(writer, "upper", side => interval.Upper[side], 2);
            writer.WriteEndObject();
        }

        if (candidate.Distributions is { } distributions)
        {
            WriteDistributions(writer, distributions);
        }

        writer.WriteEndObject();
    }

    private static void WriteDistributions(Utf8JsonWriter writer, EdgeDistributions distributions)
    {
        WriteSides(writer, "origin", side => side % 2 == 0 ? distributions.X : distributions.Y, 2);
        WriteSides(writer, "bin", side => distributions[side].Unit, 4);
        WriteSides(writer, "entropy", side => distributions[side].Entropy, 3);
        writer.WriteStartArray("modes");
        for (int side = 0; side < 4; side++)
        {
            writer.WriteStartArray();
            foreach (DistributionMode mode in distributions[side].Modes(MaxModes))
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(Math.Round(mode.Distance, 2));
                writer.WriteNumberValue(Math.Round(mode.Probability, 4));
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("distributions");
        for (int side = 0; side < 4; side++)
        {
            writer.WriteStartArray();
            foreach (double probability in distributions[side].Probabilities)
            {
                writer.WriteNumberValue(Math.Round(probability, 5));
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void WriteGroundTruth(Utf8JsonWriter writer, IReadOnlyList<GroundTruthBox>? truth)
    {
        if (truth is null)
        {
            writer.WriteNull("truth");
            return;
        }

        writer.WriteStartArray("truth");
        foreach (GroundTruthBox item in truth)
        {
            writer.WriteStartObject();
            writer.WriteString("name", item.Name);
            writer.WriteNumber("label", item.Label);
            writer.WriteBoolean("crowd", item.IsCrowd);
            writer.WriteStartArray("box");
            foreach (float edge in (float[])[item.Box.X1, item.Box.Y1, item.Box.X2, item.Box.Y2])
            {
                writer.WriteNumberValue(edge);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSides(Utf8JsonWriter writer, string name, Func<int, double> value, int decimals)
    {
        writer.WriteStartArray(name);
        for (int side = 0; side < 4; side++)
        {
            writer.WriteNumberValue(Math.Round(value(side), decimals));
        }

        writer.WriteEndArray();
    }
}
