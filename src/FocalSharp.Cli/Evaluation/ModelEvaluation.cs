using System.Diagnostics;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Sharding;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Reporting;
using FocalSharp.Runtime;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Evaluation;

/// <summary>Evaluates a model, of weights or an ONNX file, on a data set.</summary>
internal sealed record ModelEvaluation
{
    /// <summary>Gets the model: a file, a run folder or the name of a published model.</summary>
    public required string Model { get; init; }

    /// <summary>Gets further models that are fused with the first one.</summary>
    public IReadOnlyList<string> OtherModels { get; init; } = [];

    /// <summary>Gets the data set as typed.</summary>
    public required string Data { get; init; }

    /// <summary>Gets the split: <c>train</c>, <c>val</c>, <c>test</c> or <c>all</c>; null for the one that training evaluates on.</summary>
    public string? Split { get; init; }

    /// <summary>Gets how the model is loaded.</summary>
    public DetectorLoadOptions Load { get; init; } = new();

    /// <summary>Gets how candidates become detections, and how large images are cut.</summary>
    public DetectOptions Detect { get; init; } = new();

    /// <summary>Gets the file for the detections as COCO results; null for none.</summary>
    public string? ResultsPath { get; init; }

    /// <summary>Gets a value indicating whether a report is created.</summary>
    public bool CreateReport { get; init; }

    /// <summary>Gets the command line for the result.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Gets the rules.</summary>
    public EvaluationSettings Settings { get; init; } = new();

    /// <summary>Gets what happens to images that cannot be read.</summary>
    public FailureAction OnBadImage { get; init; } = FailureAction.Skip;

    /// <summary>Gets how the images, named first, are shared with other processes that run the models, named second; returns null if they are not.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>, WorkParts?> OpenParts { get; init; } = (_, _) => null;

    /// <summary>Evaluates the model.</summary>
    /// <returns>The metrics, and the report if <see cref="CreateReport"/>; null if other processes have not finished their parts.</returns>
    /// <exception cref="FocalSharpException">A model or the data set cannot be used.</exception>
    public EvaluationOutcome? Run(ConsoleUi ui, CancellationToken cancellationToken)
    {
        string file = ModelZoo.Resolve(Model); // a missing model is reported before a large data set is read
        string? against = Settings.Against is { } named ? ModelZoo.Resolve(named) : null;
        using IDisposable native = LibTorch.Preload();
        (DetectionDataset dataset, string split) = EvaluationSplit.Select(DataArgument.Open(Data, ui, cancellationToken), Split, ui);
        BadImages badImages = new(OnBadImage, dataset.Images.Count, "evaluation");
        ModelRun? first = RunModel([file, .. OtherModels.Select(other => ModelZoo.Resolve(other))], dataset, split, badImages, ui, cancellationToken);
        ModelRun? second = against is null ? null : RunModel([against], dataset, split, badImages, ui, cancellationToken);
        if (first is null || (second is null && against is not null))
        {
            return null;
        }

        (Detection[][] detections, double seconds) = (first.Detections, first.Seconds);
        DetectionDataset all = dataset;
        (dataset, detections) = badImages.Exclude(dataset, detections);
        CocoGroundTruth truth = CocoGroundTruth.From(dataset);
        if (ResultsPath is not null)
        {
            CocoResults.From(dataset, detections).Write(ResultsPath);
            ui.Dim($"Detections: {ResultsPath}");
        }

        EvaluatedDetector detector = Evaluate(Model, truth, dataset, detections, ui, cancellationToken);
        EvaluatedDetector? other = against is null ? null
            : Evaluate(Settings.Against!, truth, dataset, badImages.Exclude(all, second!.Detections).Detections, ui, cancellationToken);
        DetectionReport? report = !CreateReport ? null
            : DetectionReport.Create(GetName(Model), dataset, detections, detector.Coco) with
            {
                Subtitle = $"{Path.GetFileName(file)} on {dataset.Name}, {first.InputSide} px",
                EvaluatedOn = $"{Quantity.Format(dataset.Images.Count, "image")}, {split}",
                Command = CommandLine,

                // The explorer shows one model, and the images of the default split.
                Links = Split is null && OtherModels.Count == 0 ? SuggestedCommands.LinkImages(Model, Data) : null,
            };
        RunResult result = new()
        {
            Metrics = detector.Coco,
            Seconds = seconds,
            ImagesPerSecond = dataset.Images.Count / Math.Max(seconds, 1e-9),
            Command = CommandLine,
            Dataset = Data,
            Split = split,
            Weights = file,
            Calibration = report?.Calibration ?? CalibrationReport.Create(dataset.Images, detections),
            Analysis = report?.Analysis,
            SkippedImages = badImages.Paths,
        };
        return new EvaluationOutcome(result, detector, other, report);
    }

    private EvaluatedDetector Evaluate(
        string model, CocoGroundTruth truth, DetectionDataset dataset, Detection[][] detections, ConsoleUi ui, CancellationToken cancellationToken)
    {
        CocoResults results = CocoResults.From(dataset, [.. truth.ImageIds], detections);
        EvaluatedDetector detector = EvaluatedDetector.Create(GetName(model), truth, results, Settings, cancellationToken);
        detector.Warn(ui, truth, results, areFromFile: false);
        return detector;
    }

    private ModelRun? RunModel(IReadOnlyList<string> files, DetectionDataset dataset, string split, BadImages badImages, ConsoleUi ui, CancellationToken cancellationToken)
    {
        WorkParts? parts = OpenParts([.. dataset.Images.Select(image => image.Path)], files);
        if (parts is null)
        {
            return DetectImages(files, dataset, split, badImages, ui, cancellationToken);
        }

        return PartFile.Process(parts, dataset.Images.Count, ui, () =>
        {
            DatasetImage[] own = parts.Shard.Take(dataset.Images);
            ModelRun run = DetectImages(files, dataset with { Images = own }, $"{split}, part {parts.Shard.Index} of {parts.Shard.Count}", badImages, ui, cancellationToken);
            DetectedImage[] images = [.. own.Select(image => new DetectedImage { Error = badImages.FindReason(image.Path) })];
            return DetectionPart.Create(images, run.Detections) with { Seconds = run.Seconds, InputSide = run.InputSide };
        }) is { } all ? Merge(all, dataset, badImages) : null;
    }

    private static ModelRun Merge(IEnumerable<DetectionPart> parts, DetectionDataset dataset, BadImages badImages)
    {
        List<Detection[]> detections = [];
        (double seconds, int side) = (0, 0);
        foreach (DetectionPart part in parts)
        {
            (seconds, side) = (seconds + part.Seconds, part.InputSide);
            foreach (DetectedImage image in part.Images)
            {
                if (image.Error is { } reason)
                {
                    badImages.Add(dataset.Images[detections.Count].Path, new ImageException(reason));
                }

                detections.Add(part.GetDetections(image));
            }
        }

        return new ModelRun([.. detections], side, seconds);
    }

    private ModelRun DetectImages(IReadOnlyList<string> files, DetectionDataset dataset, string split, BadImages badImages, ConsoleUi ui, CancellationToken cancellationToken)
    {
        using IDetector detector = EnsembleLoader.Load(files, Load with { Decode = Load.Decode with { OnUnreadable = badImages.Skip } });
        ClassMapping classes = new(detector.Classes, dataset.Classes);
        if (classes.UnmatchedClasses.Count > 0)
        {
            ui.Warn($"The model has no class {string.Join(", ", classes.UnmatchedClasses)}: their AP will be 0.");
        }

        ui.Dim($"Evaluating {string.Join(" + ", files)} on {dataset.Name}, {split} ({Quantity.Format(dataset.Images.Count, "image")})");
        long started = Stopwatch.GetTimestamp();
        ImageSource[] images = [.. dataset.Images.Select(image => ImageSource.FromFile(image.Path))];

        // AP needs low scores too: the model's own threshold, not the one for showing detections.
        PostprocessOptions own = detector.Model.Postprocess;
        DetectOptions options = Detect with
        {
            ScoreThreshold = own.ScoreThreshold,
            MaxDetections = Settings.MaxDetections is { } limit && limit > own.MaxDetections ? limit : null,
        };
        Detection[][] detections = [.. ProgressReporter.Run(ui, "Evaluating", images.Length, progress =>
            detector.Detect(images, options, progress, cancellationToken)).Select(classes.Apply)];
        badImages.Report(ui.Warn);
        return new ModelRun(detections, detector.Model.Resize.ShortSide, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static string GetName(string model) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(model));

    /// <summary>What a model found.</summary>
    private sealed record ModelRun(Detection[][] Detections, int InputSide, double Seconds);
}
