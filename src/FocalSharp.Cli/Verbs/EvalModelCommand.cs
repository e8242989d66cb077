using System.Diagnostics;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Reporting;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>The part of <c>eval</c> that runs a model.</summary>
internal static class EvalModelCommand
{
    /// <summary>Runs the model on the data set and judges its detections.</summary>
    public static (RunResult Result, TrainingReport? Report) Evaluate(EvalRequest request, ConsoleUi ui, CancellationToken cancellationToken)
    {
        string model = request.Model!;
        string file = ModelZoo.Resolve(model); // a missing model is told before a large data set is read
        using IDisposable native = LibTorch.Preload();
        (DetectionDataset dataset, string split) = SelectSplit(DataSource.Open(request.Data!, ui, cancellationToken), request.Split, ui);
        using LoadedModel loaded = LoadedModel.Load(file, request.Size);
        loaded.ConfigureCompute(request.Device, ComputeOptions.ParsePrecision(request.Precision, Precision.Float32));
        ClassMapping classes = new(loaded.Detector.Options.Classes, dataset.Classes);
        if (classes.UnmatchedClasses.Count > 0)
        {
            ui.Warn($"The model does not know {string.Join(", ", classes.UnmatchedClasses)}: their AP will be 0.");
        }

        ui.Dim($"{loaded.Path} on {dataset.Images.Count} images of {dataset.Name}, {split}");
        long started = Stopwatch.GetTimestamp();
        ImagePredictor predictor = new(loaded.Detector, loaded.ResizeRule, tiles: request.Tiles);
        Detection[][] detections = [.. ProgressReporter.Run(ui, "judging", dataset.Images.Count, progress =>
            predictor.Predict(dataset.Images, progress: progress, cancellationToken: cancellationToken)).Select(classes.Apply)];
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (request.SaveResults is { } path)
        {
            CocoResults.From(dataset, detections).Write(path);
            ui.Dim($"Detections: {path}");
        }

        CocoMetrics metrics = CocoEvaluator.Evaluate(dataset, detections);
        TrainingReport? report = request.Report is null ? null : DetectionReport.Create(GetName(model), dataset, detections, metrics) with
        {
            Subtitle = $"{Path.GetFileName(loaded.Path)} on {dataset.Name}, {loaded.ResizeRule.ShortSide} px",
            EvaluatedOn = $"{dataset.Images.Count} images, {split}",
            Command = request.CommandLine,
        };
        RunResult result = new()
        {
            Metrics = metrics,
            Seconds = seconds,
            ImagesPerSecond = dataset.Images.Count / Math.Max(seconds, 1e-9),
            Command = request.CommandLine,
            Dataset = request.Data,
            Split = split,
            Weights = loaded.Path,
            Calibration = report?.Calibration ?? CalibrationReport.Create(dataset.Images, detections),
            Analysis = report?.Analysis,
        };
        return (result, report);
    }

    private static string GetName(string model) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(model));

    // Without a wish, what a training on this data is judged by: its numbers shall be repeated.
    private static (DetectionDataset Dataset, string Split) SelectSplit(DetectionDataset dataset, string? wanted, ConsoleUi ui)
    {
        if (wanted is not null)
        {
            return (RequireLabels(IsAll(wanted) ? dataset : dataset.Select(Enum.Parse<DatasetSplit>(wanted, ignoreCase: true)), wanted), wanted);
        }

        (DetectionDataset part, string name, string reason) = TrainEvalSplit.SelectEval(dataset);
        ui.Dim($"{dataset.Name}: {reason} (--split train|val|test|all for another part)");
        return (RequireLabels(part, name), name);
    }

    private static bool IsAll(string split) => string.Equals(split, "all", StringComparison.Ordinal);

    private static DetectionDataset RequireLabels(DetectionDataset dataset, string split) => dataset.ObjectCount > 0
        ? dataset
        : throw new FocalSharpException(
            $"{dataset.Name}: no labelled objects to judge by in split '{split}' ({dataset.Images.Count} images). Choose another with --split train|val|test|all.");
}
