using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.IO;
using FocalSharp.Reporting;
using FocalSharp.Training.Distributed;

namespace FocalSharp.Training.Runs;

/// <summary>
/// The numbers of a run or of an evaluation. As JSON: COCO's twelve metrics (AP, AP50, AP75, APs, APm, APl, AR1, AR10, AR100, ARs, ARm, ARl;
/// −1 if undefined), <c>per_class</c>, <c>seconds</c>, <c>images_per_second</c>, <c>seed</c>, <c>command</c>, what they were measured on,
/// <c>AP_pretrained</c>, the calibration of scores and edge uncertainties (<see cref="CalibrationReport.Summary"/> at the top, all of it under
/// <c>calibration</c>) and the error analysis (<c>analysis</c>, docs/evaluation.md). Values that do not apply are null.
/// </summary>
public sealed record RunResult
{
    /// <summary>The JSON key of <see cref="PretrainedAP"/>.</summary>
    internal const string PretrainedAPName = "AP_pretrained";

    /// <summary>The JSON key of <see cref="Phases"/>.</summary>
    internal const string PhasesName = "phases";

    /// <summary>The keys of version 0.1 for <see cref="PretrainedAPName"/> and <see cref="PhasesName"/>, which are still read.</summary>
    internal const string FirstPretrainedAPName = "AP_untrained", FirstPhasesName = "stages";

    /// <summary>Gets the COCO metrics.</summary>
    public required CocoMetrics Metrics { get; init; }

    /// <summary>Gets the seconds of the training, or of the evaluation if nothing was trained.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the images trained on (or evaluated) per second.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>Gets the run's seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Gets the command line.</summary>
    public required string Command { get; init; }

    /// <summary>Gets the path or name of the evaluated data set.</summary>
    public string? Dataset { get; init; }

    /// <summary>Gets the evaluated split.</summary>
    public string? Split { get; init; }

    /// <summary>Gets the evaluated weights.</summary>
    public string? Weights { get; init; }

    /// <summary>Gets the epochs trained.</summary>
    public int? Epochs { get; init; }

    /// <summary>Gets the AP of the initial weights, if they already detected the data and were evaluated before training.</summary>
    public double? PretrainedAP { get; init; }

    /// <summary>Gets the calibration of scores and edge uncertainties, or null if no model was run.</summary>
    internal CalibrationReport? Calibration { get; init; }

    /// <summary>Gets the calibration in eight numbers, or null if no model was run.</summary>
    public CalibrationSummary? CalibrationSummary
    {
        get => field ?? Calibration?.ToSummary();
        init;
    }

    /// <summary>Gets the error analysis, under <c>analysis</c>; null if it was not requested.</summary>
    internal DetectionAnalysis? Analysis { get; init; }

    /// <summary>Gets the training's time by phase, in seconds under <c>phases</c>; null if nothing was trained.</summary>
    internal PhaseTimings? Phases { get; init; }

    /// <summary>Gets where the time of the steps of each rank went, under <c>ranks</c>; empty if one process trained.</summary>
    internal IReadOnlyList<RankTimings> Ranks { get; init; } = [];

    /// <summary>Gets the images that could not be read during the run and were left out, under <c>skipped_images</c>.</summary>
    public IReadOnlyList<string> SkippedImages { get; init; } = [];

    /// <summary>Gets further numbers by name, such as those of evaluation metrics. NaN becomes null.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AdditionalMetrics { get; init; } = [];

    /// <summary>Gets the parts of a file that was read which have no type of their own; they are written again as they are.</summary>
    internal IReadOnlyList<KeyValuePair<string, JsonElement>> Sections { get; init; } = [];

    /// <summary>Reads the result of a run or of an evaluation. The metrics have no precision-recall curves.</summary>
    /// <param name="path">The folder of a finished run, or a file that <see cref="Save"/>, <c>focalsharp train</c> or <c>focalsharp eval</c> wrote.</param>
    /// <exception cref="FileException">The file is missing (the run has not finished), too large, or not a result.</exception>
    public static RunResult Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return RunResultParser.Load(path);
    }

    /// <summary>Returns the result as an indented JSON object.</summary>
    public string ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            Metrics.WriteProperties(writer);
            writer.WriteFinite("seconds", Seconds);
            writer.WriteFinite("images_per_second", ImagesPerSecond);
            writer.WriteFinite("seed", Seed);
            writer.WriteString("command", Command);
            writer.WriteString("dataset", Dataset);
            writer.WriteString("split", Split);
            writer.WriteString("weights", Weights);
            writer.WriteFinite("epochs", Epochs);
            writer.WriteFinite(PretrainedAPName, PretrainedAP);
            foreach ((string name, double value) in (CalibrationSummary?.Values ?? []).Concat(AdditionalMetrics))
            {
                writer.WriteFinite(name, value);
            }

            writer.WriteStartArray("skipped_images");
            foreach (string image in SkippedImages)
            {
                writer.WriteStringValue(image);
            }

            writer.WriteEndArray();
            if (Calibration is not null)
            {
                writer.WritePropertyName("calibration");
                CalibrationJson.Write(writer, Calibration);
            }

            if (Phases is not null)
            {
                writer.WriteStartObject(PhasesName);
                foreach (StepPhase phase in PhaseTimings.Phases)
                {
                    writer.WriteFinite(PhaseTimings.GetName(phase), Phases[phase]);
                }

                writer.WriteEndObject();
            }

            if (Ranks.Count > 0)
            {
                WriteRanks(writer);
            }

            if (Analysis is not null)
            {
                writer.WritePropertyName("analysis");
                AnalysisJson.Write(writer, Analysis);
            }

            foreach ((string name, JsonElement value) in Sections)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true); // parsed before
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>Writes the JSON file atomically.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, ToJson());

    private void WriteRanks(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("ranks");
        foreach (RankTimings rank in Ranks)
        {
            writer.WriteStartObject();
            writer.WriteNumber("steps", rank.Steps);
            writer.WriteFinite("step_seconds", rank.StepSeconds);
            writer.WriteFinite("compute_seconds", rank.ComputeSeconds);
            writer.WriteFinite("exchange_seconds", rank.ExchangeSeconds);
            writer.WriteFinite("gradient_seconds", rank.GradientSeconds);
            writer.WriteFinite("gradient_wait_seconds", rank.GradientWaitSeconds);
            writer.WriteNumber("exchanges", rank.Exchanges);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
