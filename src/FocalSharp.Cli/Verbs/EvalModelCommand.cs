using System.Diagnostics;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Inference;
using FocalSharp.Training.Reports;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Zoo;

namespace FocalSharp.Cli.Verbs;

/// <summary>The part of <c>eval</c> that runs a model.</summary>
internal static class EvalModelCommand
{
    /// <summary>Runs the model on the data set and judges its detections.</summary>
    public static (RunResult Result, TrainingReport? Report) Judge(EvalRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        string model = request.Model!;
        string file = ModelZoo.Resolve(model); // a missing model is told before a large data set is read
        using IDisposable native = LibTorch.LoadAhead();
        (DetectionDataset dataset, string split) = Choose(DataSource.Open(request.Data!, ui, cancellation), request.Split, ui);
        using LoadedModel loaded = LoadedModel.Load(file, request.Size);
        loaded.ComputeOn(request.Device, ComputeOptions.Of(request.Precision, Precision.Float32));
        ClassMapping classes = new(loaded.Detector.Options.Classes, dataset.Classes);
        if (classes.Unknown.Count > 0)
        {
            ui.Warn($"The model does not know {string.Join(", ", classes.Unknown)}: their AP will be 0.");
        }

        ui.Quiet($"{loaded.Path} on {dataset.Images.Count} images of {dataset.Name}, {split}");
        long started = Stopwatch.GetTimestamp();
        ImagePredictor predictor = new(loaded.Detector, loaded.Rule, tiles: request.Tiles);
        Detection[][] detections = [.. Steps.Show(ui, "judging", dataset.Images.Count, progress =>
            predictor.Predict(dataset.Images, progress: progress, cancellation: cancellation)).Select(classes.Apply)];
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (request.SaveResults is { } path)
        {
            CocoResults.From(dataset, detections).Write(path);
            ui.Quiet($"Detections: {path}");
        }

        CocoMetrics metrics = CocoEvaluator.Evaluate(dataset, detections);
        TrainingReport? report = request.Report is null ? null : DetectionReport.Of(NameOf(model), dataset, detections, metrics) with
        {
            Subtitle = $"{Path.GetFileName(loaded.Path)} on {dataset.Name}, {loaded.Rule.ShortSide} px",
            JudgedOn = $"{dataset.Images.Count} images, {split}",
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
            Calibration = report?.Calibration ?? CalibrationReport.Of(dataset.Images, detections),
            Analysis = report?.Analysis,
        };
        return (result, report);
    }

    private static string NameOf(string model) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(model));

    // Without a wish, what a training on this data is judged by: its numbers shall be repeated.
    private static (DetectionDataset Dataset, string Split) Choose(DetectionDataset dataset, string? wanted, ConsoleUi ui)
    {
        if (wanted is not null)
        {
            return (Labelled(IsAll(wanted) ? dataset : dataset.Select(Enum.Parse<DatasetSplit>(wanted, ignoreCase: true)), wanted), wanted);
        }

        (DetectionDataset part, string name, string reason) = SplitChoice.JudgeOf(dataset);
        ui.Quiet($"{dataset.Name}: {reason} (--split train|val|test|all for another part)");
        return (Labelled(part, name), name);
    }

    private static bool IsAll(string split) => string.Equals(split, "all", StringComparison.Ordinal);

    private static DetectionDataset Labelled(DetectionDataset dataset, string split) => dataset.ObjectCount > 0
        ? dataset
        : throw new UserErrorException(
            $"{dataset.Name}: no labelled objects to judge by in split '{split}' ({dataset.Images.Count} images). Choose another with --split train|val|test|all.");
}
