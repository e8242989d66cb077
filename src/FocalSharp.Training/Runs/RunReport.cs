using System.Globalization;
using System.Text.Json;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Training.Data;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tuning;

namespace FocalSharp.Training.Runs;

/// <summary>Regenerates a run's report from its weights, its files and its evaluation split.</summary>
internal static class RunReport
{
    /// <summary>Evaluates the run's weights again and creates the report.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="dataset">The whole data set of the run; it is split as the run split it.</param>
    /// <param name="progress">Receives the number of evaluated images.</param>
    /// <param name="cancellationToken">Cancels the evaluation.</param>
    /// <returns>The report, and the evaluated weights: the last ones of a finished run, otherwise the best ones.</returns>
    /// <exception cref="FocalSharpException">The run has no weights or files yet, or the data set does not match.</exception>
    public static (DetectionReport Report, string Weights) Rebuild(
        RunFolder folder, DetectionDataset dataset, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        RunManifest manifest = RunManifest.Read(folder);
        TrainEvalSplit split = TrainEvalSplit.Create(RunLabels.Apply(dataset, folder));
        BadImages badImages = new(FailureAction.Skip, split.Eval.Images.Count, "evaluation");
        Recipe settings = manifest.ToRequest(folder).Recipe;
        using TorchDetector loaded = TorchDetector.Load(
            manifest.Finished ? folder.LastWeightsPath : RunFolder.FindWeights(folder.Path),
            new DetectorLoadOptions { Decode = settings.DecodeOptions with { OnUnreadable = badImages.Skip } });
        ClassMapping classes = new(loaded.Classes, split.Eval.Classes);
        Detection[][] detections = [.. loaded.DetectAll(split.Eval.Images, progress: progress, cancellationToken: cancellationToken).Select(classes.Apply)];
        (DetectionDataset readable, detections) = badImages.Exclude(split.Eval, detections);
        split = split with { Eval = readable };
        DetectionReport evaluated = DetectionReport.Create(folder.Name, split.Eval, detections, CocoEvaluator.Evaluate(split.Eval, detections));
        using JsonDocument? result = ReadResult(folder);
        int? epochs = ReadNumber(result, "epochs") is { } done ? (int)done : null;
        string recipe = manifest.Recipe.GetValueOrDefault("name", "");
        return (DetectionReport.AddImages(evaluated) with
        {
            Subtitle = FormatSubtitle(recipe, split.Eval.Name, loaded.Model.Resize.ShortSide, epochs, Path.GetFileName(loaded.Path!)),
            EvaluatedOn = DescribeEvalSplit(split),
            TrainingObjectCounts = CountTrainingObjects(split.Train),
            PretrainedAP = ReadNumber(result, RunResult.PretrainedAPName) ?? ReadNumber(result, RunResult.FirstPretrainedAPName),
            Facts = GetFacts(ReadNumber(result, "seconds"), ReadNumber(result, "images_per_second")),
            Log = File.Exists(folder.MetricsPath) ? MetricsLog.Read(folder.MetricsPath) : null,
            Pictures = ValidationPictures.Draw(split.Eval, detections, evaluated.Analysis!.Threshold, null, out _),
            Phases = ReadPhases(result),
            Tuning = TuningResult.ReadTable(folder),
            Settings = [.. manifest.Recipe],
            Command = manifest.Command,
        }, loaded.Path!);
    }

    /// <summary>Returns the line below the report's title.</summary>
    internal static string FormatSubtitle(string recipe, string data, int side, int? epochs, string? weights) =>
        $"{recipe} on {data}, {side} px{(epochs is { } done ? $", {Quantity.Format(done, "epoch")}" : "")}{(weights is null ? "" : $", {weights}")}";

    /// <summary>Describes the evaluation split.</summary>
    internal static string DescribeEvalSplit(TrainEvalSplit split) => $"{Quantity.Format(split.Eval.Images.Count, "image")}, {split.EvalName} split";

    /// <summary>Returns the headline numbers of a training.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> GetFacts(double? seconds, double? imagesPerSecond)
    {
        List<KeyValuePair<string, string>> info = [];
        if (seconds is { } time)
        {
            info.Add(new("time", TimeSpan.FromSeconds(time).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)));
        }

        if (imagesPerSecond is { } speed)
        {
            info.Add(new("images per second", speed.ToString("F1", CultureInfo.InvariantCulture)));
        }

        return info;
    }

    /// <summary>Counts the objects of each class in the training images.</summary>
    internal static IReadOnlyDictionary<string, int> CountTrainingObjects(DetectionDataset training)
    {
        int[] counts = new int[training.Classes.Count];
        foreach (ObjectAnnotation item in training.Images.SelectMany(image => image.Objects).Where(item => !item.IsCrowd))
        {
            counts[item.Label]++;
        }

        return training.Classes.Zip(counts).DistinctBy(pair => pair.First).ToDictionary();
    }

    private static JsonDocument? ReadResult(RunFolder folder)
    {
        try
        {
            return File.Exists(folder.ResultPath) ? JsonDocument.Parse(File.ReadAllBytes(folder.ResultPath)) : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // only the time and speed are missing from the report
        }
    }

    private static double? ReadNumber(JsonDocument? result, string name) =>
        result?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;

    private static PhaseTimings? ReadPhases(JsonDocument? result) =>
        result?.RootElement is { ValueKind: JsonValueKind.Object } root && (root.TryGetProperty(RunResult.PhasesName, out JsonElement phases) || root.TryGetProperty(RunResult.FirstPhasesName, out phases))
            && phases.ValueKind == JsonValueKind.Object
            ? new PhaseTimings
            {
                Seconds = [.. PhaseTimings.Phases.Select(phase =>
                    phases.TryGetProperty(PhaseTimings.GetName(phase), out JsonElement seconds) && seconds.ValueKind == JsonValueKind.Number ? seconds.GetDouble() : 0)],
            }
            : null;
}
