using System.Diagnostics;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Reporting;
using FocalSharp.Runtime;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Evaluation;

/// <summary>Evaluates a model, of weights or an ONNX file, on a data set.</summary>
internal sealed record ModelEvaluation
{
    /// <summary>Gets the model: a file, a run folder or the name of a published model.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the data set as typed.</summary>
    public required string Data { get; init; }

    /// <summary>Gets the split: <c>train</c>, <c>val</c>, <c>test</c> or <c>all</c>; null for the one that training evaluates on.</summary>
    public string? Split { get; init; }

    /// <summary>Gets how the model is loaded.</summary>
    public DetectorLoadOptions Load { get; init; } = new();

    /// <summary>Gets how large images are cut; null for no tiles.</summary>
    public TileOptions? Tiles { get; init; }

    /// <summary>Gets the file for the detections as COCO results; null for none.</summary>
    public string? ResultsPath { get; init; }

    /// <summary>Gets a value indicating whether a report is created.</summary>
    public bool CreateReport { get; init; }

    /// <summary>Gets the command line for the result.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Evaluates the model.</summary>
    /// <returns>The metrics, and the report if <see cref="CreateReport"/>.</returns>
    /// <exception cref="FocalSharpException">The model or the data set cannot be used.</exception>
    public (RunResult Result, DetectionReport? Report) Run(ConsoleUi ui, CancellationToken cancellationToken)
    {
        string file = ModelZoo.Resolve(Model); // a missing model is reported before a large data set is read
        using IDisposable native = LibTorch.Preload();
        (DetectionDataset dataset, string split) = SelectSplit(DataArgument.Open(Data, ui, cancellationToken), ui);
        using IDetector detector = DetectorLoader.Load(file, Load);
        ClassMapping classes = new(detector.Classes, dataset.Classes);
        if (classes.UnmatchedClasses.Count > 0)
        {
            ui.Warn($"The model has no class {string.Join(", ", classes.UnmatchedClasses)}: their AP will be 0.");
        }

        ui.Dim($"Evaluating {file} on {dataset.Name}, {split} ({dataset.Images.Count} images)");
        long started = Stopwatch.GetTimestamp();
        ImageSource[] images = [.. dataset.Images.Select(image => ImageSource.FromFile(image.Path))];

        // AP needs low scores too: the model's own threshold, not the one for showing detections.
        DetectOptions options = new() { ScoreThreshold = detector.Model.Postprocess.ScoreThreshold, Tiles = Tiles };
        Detection[][] detections = [.. ProgressReporter.Run(ui, "Evaluating", images.Length, progress =>
            detector.Detect(images, options, progress, cancellationToken)).Select(classes.Apply)];
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (ResultsPath is not null)
        {
            CocoResults.From(dataset, detections).Write(ResultsPath);
            ui.Dim($"Detections: {ResultsPath}");
        }

        CocoMetrics metrics = CocoEvaluator.Evaluate(dataset, detections);
        DetectionReport? report = !CreateReport ? null
            : DetectionReport.Create(Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Model)), dataset, detections, metrics) with
            {
                Subtitle = $"{Path.GetFileName(file)} on {dataset.Name}, {detector.Model.Resize.ShortSide} px",
                EvaluatedOn = $"{dataset.Images.Count} images, {split}",
                Command = CommandLine,
            };
        RunResult result = new()
        {
            Metrics = metrics,
            Seconds = seconds,
            ImagesPerSecond = dataset.Images.Count / Math.Max(seconds, 1e-9),
            Command = CommandLine,
            Dataset = Data,
            Split = split,
            Weights = file,
            Calibration = report?.Calibration ?? CalibrationReport.Create(dataset.Images, detections),
            Analysis = report?.Analysis,
        };
        return (result, report);
    }

    // The default is the split that training evaluates on, so that its metrics can be reproduced.
    private (DetectionDataset Dataset, string Split) SelectSplit(DetectionDataset dataset, ConsoleUi ui)
    {
        if (Split is not null)
        {
            return (RequireObjects(Split == "all" ? dataset : dataset.Select(Enum.Parse<DatasetSplit>(Split, ignoreCase: true)), Split), Split);
        }

        (DetectionDataset part, string name, string reason) = TrainEvalSplit.SelectEval(dataset);
        ui.Dim($"{dataset.Name}: {reason} (choose another split with --split)");
        return (RequireObjects(part, name), name);
    }

    private static DetectionDataset RequireObjects(DetectionDataset dataset, string split) => dataset.ObjectCount > 0
        ? dataset
        : throw new DatasetException(
            $"{dataset.Name}: split '{split}' ({dataset.Images.Count} images) has no labeled objects to evaluate on. Choose another with --split train|val|test|all.");
}
