using System.Text.Json;
using FocalSharp.Cli.Terminal;
using FocalSharp.Detections.Calibration;
using FocalSharp.Evaluation.Calibration.Fitting;
using FocalSharp.Evaluation.Calibration.Thresholds;

namespace FocalSharp.Cli.Calibration;

/// <summary>Chooses and formats the thresholds of a model's classes.</summary>
internal static class ClassThresholds
{
    /// <summary>Chooses the threshold of each class; null for a class that the images do not show.</summary>
    public static ClassThreshold?[] Find(CalibrationRun run, bool isPrecision, double rate, double confidence)
    {
        ClassThreshold?[] found = new ClassThreshold?[run.Model.Classes.Count];
        HashSet<int> labels = [.. run.Observed.Images.SelectMany(image => image.Objects.Where(item => !item.IsCrowd).Select(item => item.Label))];
        ILookup<int, ScoreSample> samples = ScoreMapFitter.Observe(run.Observed.Images, run.Observed.Detections).ToLookup(sample => sample.Label);
        foreach (int label in labels)
        {
            found[label] = isPrecision
                ? ThresholdFinder.FindPrecision([.. samples[label]], run.Observed.Images.Count, rate, confidence)
                : ThresholdFinder.FindRecall(ThresholdFinder.FindObjectScores(run.Observed.Images, run.Observed.Detections, label), rate, confidence);
        }

        return found;
    }

    /// <summary>Formats the thresholds as JSON, in terms of the scores that the model returns.</summary>
    public static string ToJson(CalibrationRun run, ScoreThresholds thresholds, IReadOnlyList<ClassThreshold?> found) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("metric", thresholds.Metric);
        writer.WriteNumber("rate", thresholds.Target);
        writer.WriteNumber("confidence", thresholds.Confidence);
        writer.WriteNumber("images", run.Observed.Images.Count);
        writer.WriteStartArray("classes");
        for (int label = 0; label < found.Count; label++)
        {
            if (found[label] is { } one)
            {
                Write(writer, run, label, one);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, CalibrationRun run, int label, ClassThreshold one)
    {
        writer.WriteStartObject();
        writer.WriteString("class", run.Model.Classes[label]);
        if (one.Threshold is { } value)
        {
            writer.WriteNumber("threshold", run.Model.Calibration?.MapScore(value) ?? value);
        }
        else
        {
            writer.WriteNull("threshold");
        }

        writer.WriteNumber("successes", one.Successes);
        writer.WriteNumber("count", one.Count);
        writer.WriteNumber("lower_bound", one.LowerBound);
        writer.WriteNumber("required", one.Required);
        writer.WriteEndObject();
    }
}
