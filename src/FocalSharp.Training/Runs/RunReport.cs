using System.Globalization;
using System.Text.Json;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Models;
using FocalSharp.Reporting;

namespace FocalSharp.Training.Runs;

/// <summary>Makes a run's report anew: from its weights, its records, and the images that it was judged by.</summary>
public static class RunReport
{
    /// <summary>Judges the run's weights again and describes the run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="dataset">The data that it was trained and judged on, whole; its parts are dealt as the run dealt them.</param>
    /// <param name="progress">Told of each judged image.</param>
    /// <param name="cancellationToken">Stops the judgement.</param>
    /// <returns>The page's content, and the weights that were judged: the last, as the run itself does, or the best where it is not done.</returns>
    /// <exception cref="FocalSharpException">The run has no weights or records yet, or the data is not what it was trained for.</exception>
    public static (TrainingReport Report, string Weights) Rebuild(
        RunFolder folder, DetectionDataset dataset, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        RunManifest record = RunManifest.Read(folder);
        TrainEvalSplit split = TrainEvalSplit.Create(dataset);
        using LoadedModel loaded = LoadedModel.Load(record.Finished ? folder.LastWeightsPath : RunFolder.FindWeights(folder.Path));
        ClassMapping classes = new(loaded.Detector.Options.Classes, split.Eval.Classes);
        ImagePredictor predictor = new(loaded.Detector, loaded.ResizeRule);
        Detection[][] detections = [.. predictor.Predict(split.Eval.Images, progress: progress, cancellationToken: cancellationToken).Select(classes.Apply)];
        TrainingReport evaluated = DetectionReport.Create(folder.Name, split.Eval, detections, CocoEvaluator.Evaluate(split.Eval, detections));
        using JsonDocument? result = ReadResult(folder);
        int? epochs = ReadNumber(result, "epochs") is { } done ? (int)done : null;
        string recipe = record.Recipe.GetValueOrDefault("name", "");
        return (DetectionReport.AddImages(evaluated) with
        {
            Subtitle = FormatSubtitle(recipe, split.Eval.Name, loaded.ResizeRule.ShortSide, epochs, Path.GetFileName(loaded.Path)),
            EvaluatedOn = DescribeEvalSplit(split),
            TrainingObjectCounts = CountTrainingObjects(split.Train),
            PretrainedAP = ReadNumber(result, RunResult.PretrainedAPName),
            Facts = GetFacts(ReadNumber(result, "seconds"), ReadNumber(result, "images_per_second")),
            Log = File.Exists(folder.MetricsPath) ? MetricsLog.Read(folder.MetricsPath) : null,
            Pictures = ValidationPictures.Draw(split.Eval, detections, evaluated.Analysis!.Threshold, null, out _),
            Phases = ReadPhases(result),
            Settings = [.. record.Recipe],
            Command = record.Command,
            NextCommand = GetNextCommand(loaded.Path),
        }, loaded.Path);
    }

    /// <summary>The line below the report's title.</summary>
    internal static string FormatSubtitle(string recipe, string data, int side, int? epochs, string? weights) =>
        $"{recipe} on {data}, {side} px{(epochs is { } done ? $", {done} epochs" : "")}{(weights is null ? "" : $", {weights}")}";

    /// <summary>What was judged, in words.</summary>
    internal static string DescribeEvalSplit(TrainEvalSplit split) => $"{split.Eval.Images.Count} images, {split.EvalName} split";

    /// <summary>Headline numbers of a training.</summary>
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

    /// <summary>Labelled objects of each class in the training images.</summary>
    internal static IReadOnlyDictionary<string, int> CountTrainingObjects(DetectionDataset training)
    {
        int[] counts = new int[training.Classes.Count];
        foreach (ObjectAnnotation item in training.Images.SelectMany(image => image.Objects).Where(item => !item.IsCrowd))
        {
            counts[item.Label]++;
        }

        return training.Classes.Zip(counts).DistinctBy(pair => pair.First).ToDictionary();
    }

    /// <summary>What to try with the weights.</summary>
    internal static string GetNextCommand(string weights) => $"focalsharp predict {weights} IMAGE";

    private static JsonDocument? ReadResult(RunFolder folder)
    {
        try
        {
            return File.Exists(folder.ResultPath) ? JsonDocument.Parse(File.ReadAllBytes(folder.ResultPath)) : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // the report does without: time and speed alone stand there
        }
    }

    private static double? ReadNumber(JsonDocument? result, string name) =>
        result?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;

    private static PhaseTimings? ReadPhases(JsonDocument? result) =>
        result?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("stages", out JsonElement stages) && stages.ValueKind == JsonValueKind.Object
            ? new PhaseTimings
            {
                Seconds = [.. PhaseTimings.Phases.Select(stage =>
                    stages.TryGetProperty(PhaseTimings.GetName(stage), out JsonElement seconds) && seconds.ValueKind == JsonValueKind.Number ? seconds.GetDouble() : 0)],
            }
            : null;
}
