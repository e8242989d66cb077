using System.Globalization;
using System.Text.Json;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation;
using FocalSharp.Training.Inference;
using FocalSharp.Training.Reports;
using FocalSharp.Training.Trainers.Stages;

namespace FocalSharp.Training.Runs;

/// <summary>Makes a run's report anew: from its weights, its records, and the images that it was judged by.</summary>
public static class RunReport
{
    /// <summary>Judges the run's weights again and describes the run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="dataset">The data that it was trained and judged on, whole; its parts are dealt as the run dealt them.</param>
    /// <param name="progress">Told of each judged image.</param>
    /// <param name="cancellation">Stops the judgement.</param>
    /// <returns>The page's content, and the weights that were judged: the last, as the run itself does, or the best where it is not done.</returns>
    /// <exception cref="UserErrorException">The run has no weights or records yet, or the data is not what it was trained for.</exception>
    public static (TrainingReport Report, string Weights) Rebuild(
        RunFolder folder, DetectionDataset dataset, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        RunRecord record = RunRecord.Read(folder);
        SplitChoice split = SplitChoice.Of(dataset);
        using LoadedModel loaded = LoadedModel.Load(record.Finished ? folder.LastWeightsPath : RunFolder.FindWeights(folder.Path));
        ClassMapping classes = new(loaded.Detector.Options.Classes, split.Judge.Classes);
        ImagePredictor predictor = new(loaded.Detector, loaded.Rule);
        Detection[][] detections = [.. predictor.Predict(split.Judge.Images, progress: progress, cancellation: cancellation).Select(classes.Apply)];
        TrainingReport judged = DetectionReport.Of(folder.Name, split.Judge, detections, CocoEvaluator.Evaluate(split.Judge, detections));
        using JsonDocument? result = ReadResult(folder);
        int? epochs = Number(result, "epochs") is { } done ? (int)done : null;
        string recipe = record.Recipe.GetValueOrDefault("name", "");
        return (DetectionReport.Illustrate(judged) with
        {
            Subtitle = Subtitle(recipe, split.Judge.Name, loaded.Rule.ShortSide, epochs, Path.GetFileName(loaded.Path)),
            JudgedOn = JudgedOn(split),
            TrainedObjects = TrainedObjects(split.Train),
            Untrained = Number(result, RunResult.UntrainedName),
            Facts = Facts(Number(result, "seconds"), Number(result, "images_per_second")),
            Log = File.Exists(folder.MetricsPath) ? MetricsLog.Read(folder.MetricsPath) : null,
            Pictures = ValidationPictures.Draw(split.Judge, detections, judged.Analysis!.Threshold, null, out _),
            Stages = Stages(result),
            Settings = [.. record.Recipe],
            Command = record.Command,
            NextCommand = NextCommand(loaded.Path),
        }, loaded.Path);
    }

    /// <summary>The line below the report's title.</summary>
    internal static string Subtitle(string recipe, string data, int side, int? epochs, string? weights) =>
        $"{recipe} on {data}, {side} px{(epochs is { } done ? $", {done} epochs" : "")}{(weights is null ? "" : $", {weights}")}";

    /// <summary>What was judged, in words.</summary>
    internal static string JudgedOn(SplitChoice split) => $"{split.Judge.Images.Count} images, {split.JudgeName} split";

    /// <summary>Headline numbers of a training.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Facts(double? seconds, double? imagesPerSecond)
    {
        List<KeyValuePair<string, string>> facts = [];
        if (seconds is { } time)
        {
            facts.Add(new("time", TimeSpan.FromSeconds(time).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)));
        }

        if (imagesPerSecond is { } speed)
        {
            facts.Add(new("images per second", speed.ToString("F1", CultureInfo.InvariantCulture)));
        }

        return facts;
    }

    /// <summary>Labelled objects of each class in the training images.</summary>
    internal static IReadOnlyDictionary<string, int> TrainedObjects(DetectionDataset training)
    {
        int[] counts = new int[training.Classes.Count];
        foreach (ObjectAnnotation item in training.Images.SelectMany(image => image.Objects).Where(item => !item.IsCrowd))
        {
            counts[item.Label]++;
        }

        return training.Classes.Zip(counts).DistinctBy(pair => pair.First).ToDictionary();
    }

    /// <summary>What to try with the weights.</summary>
    internal static string NextCommand(string weights) => $"focalsharp predict {weights} IMAGE";

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

    private static double? Number(JsonDocument? result, string name) =>
        result?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;

    private static StageTimes? Stages(JsonDocument? result) =>
        result?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("stages", out JsonElement stages) && stages.ValueKind == JsonValueKind.Object
            ? new StageTimes
            {
                Seconds = [.. StageTimes.Stages.Select(stage =>
                    stages.TryGetProperty(StageTimes.NameOf(stage), out JsonElement seconds) && seconds.ValueKind == JsonValueKind.Number ? seconds.GetDouble() : 0)],
            }
            : null;
}
