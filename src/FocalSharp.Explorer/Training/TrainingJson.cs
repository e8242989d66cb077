using System.Text;
using System.Text.Json;
using FocalSharp.IO;
using FocalSharp.Training.Loop;

namespace FocalSharp.Explorer.Training;

/// <summary>Writes the state of a training run for its page.</summary>
internal static class TrainingJson
{
    /// <summary>Returns a state as one line of JSON; losses are means over the steps of a point.</summary>
    public static string Write(TrainingState state)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("phase", state.Phase);
            writer.WriteBoolean("ended", state.Ended);
            writer.WriteNumber("step", state.Step);
            writer.WriteNumber("totalSteps", state.TotalSteps);
            writer.WriteNumber("epoch", state.Epoch);
            writer.WriteNumber("totalEpochs", state.TotalEpochs);
            writer.WriteFinite("secondsLeft", state.SecondsLeft, decimals: 0);
            writer.WriteFinite("learningRate", state.LearningRate, decimals: 8);
            writer.WriteFinite("imagesPerSecond", state.ImagesPerSecond, decimals: 1);
            writer.WriteStartObject("losses");
            writer.WriteStartArray("step");
            foreach (LossPoint point in state.Losses)
            {
                writer.WriteNumberValue(point.Step);
            }

            writer.WriteEndArray();
            WriteMeans(writer, "quality", state.Losses, point => point.Quality);
            WriteMeans(writer, "box", state.Losses, point => point.Box);
            WriteMeans(writer, "distribution", state.Losses, point => point.Distribution);
            writer.WriteEndObject();
            WriteEvaluations(writer, state.Evaluations);
            WriteTexts(writer, "messages", state.Messages);
            WriteTexts(writer, "pictures", state.Captions);
            writer.WriteNumber("pictureVersion", state.PictureVersion);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteMeans(Utf8JsonWriter writer, string name, IReadOnlyList<LossPoint> points, Func<LossPoint, double> sum)
    {
        writer.WriteStartArray(name);
        foreach (LossPoint point in points)
        {
            writer.WriteNumberValue(Math.Round(double.IsFinite(sum(point)) ? sum(point) / point.Count : 0, 5));
        }

        writer.WriteEndArray();
    }

    private static void WriteEvaluations(Utf8JsonWriter writer, IReadOnlyList<EvaluationSummary> evaluations)
    {
        writer.WriteStartArray("evaluations");
        foreach (EvaluationSummary evaluation in evaluations)
        {
            writer.WriteStartObject();
            writer.WriteNumber("step", evaluation.Step);
            writer.WriteNumber("epoch", evaluation.Epoch);
            writer.WriteFinite("AP", evaluation.Metrics.AP, decimals: 4);
            writer.WriteFinite("AP50", evaluation.Metrics.AP50, decimals: 4);
            writer.WriteFinite("AP75", evaluation.Metrics.AP75, decimals: 4);
            writer.WriteBoolean("best", evaluation.IsBest);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
