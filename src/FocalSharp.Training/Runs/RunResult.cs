using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.IO;
using FocalSharp.Reporting;

namespace FocalSharp.Training.Runs;

/// <summary>
/// The numbers that a run, or one evaluation, ends with. As JSON: COCO's twelve (AP, AP50, AP75, APs, APm, APl, AR1, AR10, AR100,
/// ARs, ARm, ARl; −1 where undefined), <c>per_class</c>, <c>seconds</c>, <c>images_per_second</c>, <c>seed</c>, <c>command</c>,
/// what they were measured on, <c>AP_untrained</c>, and how far scores and deviations can be believed (<see cref="CalibrationReport.Summary"/> at the top,
/// all of it under <c>calibration</c>), what goes wrong (<c>analysis</c>, docs/evaluation.md); null where something does not apply.
/// </summary>
public sealed record RunResult
{
    /// <summary>Name of <see cref="PretrainedAP"/> in the JSON.</summary>
    internal const string PretrainedAPName = "AP_untrained";

    /// <summary>The judgement.</summary>
    public required CocoMetrics Metrics { get; init; }

    /// <summary>Wall-clock seconds of the training, or of the evaluation where nothing was trained.</summary>
    public required double Seconds { get; init; }

    /// <summary>Images trained (or judged) in a second.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>The run's seed.</summary>
    public long? Seed { get; init; }

    /// <summary>The command line that made it.</summary>
    public required string Command { get; init; }

    /// <summary>Path or name of the data set judged on.</summary>
    public string? Dataset { get; init; }

    /// <summary>The split judged on.</summary>
    public string? Split { get; init; }

    /// <summary>The weights judged.</summary>
    public string? Weights { get; init; }

    /// <summary>Epochs trained.</summary>
    public int? Epochs { get; init; }

    /// <summary>AP of the weights that the training began with, where they knew the data already and so were judged.</summary>
    public double? PretrainedAP { get; init; }

    /// <summary>How far scores and deviations can be believed; null where no model was run.</summary>
    internal CalibrationReport? Calibration { get; init; }

    /// <summary>What goes wrong and what that costs, under <c>analysis</c> (<see cref="AnalysisJson"/>); null where it was not asked for.</summary>
    internal DetectionAnalysis? Analysis { get; init; }

    /// <summary>The training's time by stage, seconds under <c>stages</c>; null where nothing was trained.</summary>
    public PhaseTimings? Phases { get; init; }

    /// <summary>More numbers of the run; NaN becomes null.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AdditionalMetrics { get; init; } = [];

    /// <summary>The result as an indented JSON object.</summary>
    public string ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            Metrics.WriteProperties(writer);
            WriteNumber(writer, "seconds", Seconds);
            WriteNumber(writer, "images_per_second", ImagesPerSecond);
            WriteNumber(writer, "seed", Seed);
            writer.WriteString("command", Command);
            writer.WriteString("dataset", Dataset);
            writer.WriteString("split", Split);
            writer.WriteString("weights", Weights);
            WriteNumber(writer, "epochs", Epochs);
            WriteNumber(writer, PretrainedAPName, PretrainedAP);
            foreach ((string name, double value) in (Calibration?.Summary ?? []).Concat(AdditionalMetrics))
            {
                WriteNumber(writer, name, value);
            }

            if (Calibration is not null)
            {
                writer.WritePropertyName("calibration");
                CalibrationJson.Write(writer, Calibration);
            }

            if (Phases is not null)
            {
                writer.WriteStartObject("stages");
                foreach (StepPhase stage in PhaseTimings.Phases)
                {
                    WriteNumber(writer, PhaseTimings.GetName(stage), Phases[stage]);
                }

                writer.WriteEndObject();
            }

            if (Analysis is not null)
            {
                writer.WritePropertyName("analysis");
                AnalysisJson.Write(writer, Analysis);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>Writes the JSON file, whole or not at all.</summary>
    /// <exception cref="FocalSharpException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, ToJson());

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
