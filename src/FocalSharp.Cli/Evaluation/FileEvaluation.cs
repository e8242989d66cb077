using System.Diagnostics;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Files;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Reporting;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Evaluation;

/// <summary>Evaluates COCO results of any detector against COCO annotations or a data set.</summary>
internal sealed record FileEvaluation
{
    /// <summary>Gets the annotations: a COCO file, or a data set of any format.</summary>
    public required string TruthPath { get; init; }

    /// <summary>Gets the results file.</summary>
    public required string ResultsPath { get; init; }

    /// <summary>Gets the split of a data set; null for the one that training evaluates on. A COCO file is evaluated as a whole.</summary>
    public string? Split { get; init; }

    /// <summary>Gets the rules.</summary>
    public required EvaluationSettings Settings { get; init; }

    /// <summary>Gets a value indicating whether a report is created.</summary>
    public bool CreateReport { get; init; }

    /// <summary>Gets the file for the results with the ids of the annotations; null for none.</summary>
    public string? SavePath { get; init; }

    /// <summary>Gets the command line for the result.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Evaluates the results.</summary>
    /// <exception cref="FocalSharpException">A file cannot be read, or the results do not belong to the annotations.</exception>
    public EvaluationOutcome Run(ConsoleUi ui, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        Task<RawResults> reading = Task.Run(() => RawResults.Read(ResultsPath), cancellationToken);
        (CocoGroundTruth truth, DetectionDataset? dataset, string? split) = ReadTruth(ui, cancellationToken);
        CocoResults results = CocoResultsResolver.Resolve(reading.GetAwaiter().GetResult(), truth, Settings.Matching);
        EvaluatedDetector detector = Evaluate(ResultsPath, truth, results, ui, cancellationToken);
        EvaluatedDetector? other = Settings.Against is not { } against ? null
            : Evaluate(against, truth, CocoResultsResolver.Resolve(RawResults.Read(against), truth, Settings.Matching), ui, cancellationToken);
        if (SavePath is not null)
        {
            results.Write(SavePath);
            ui.Dim($"Detections: {SavePath}");
        }

        RunResult result = new()
        {
            Metrics = detector.Coco,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Command = CommandLine,
            Dataset = TruthPath,
            Split = split,
        };
        if (!CreateReport)
        {
            return new EvaluationOutcome(result, detector, other, null);
        }

        DetectionReport report = DetectionReport.Create(
            Path.GetFileNameWithoutExtension(ResultsPath), truth, results, detector.Coco, dataset ?? FindImages(TruthPath)) with
        {
            Subtitle = $"{Path.GetFileName(ResultsPath)} evaluated against {Path.GetFileName(TruthPath)}",
            EvaluatedOn = $"{Quantity.Format(truth.ImageIds.Count, "image")}",
            Command = CommandLine,
        };
        return new EvaluationOutcome(result with { Analysis = report.Analysis }, detector, other, report);
    }

    private EvaluatedDetector Evaluate(string path, CocoGroundTruth truth, CocoResults results, ConsoleUi ui, CancellationToken cancellationToken)
    {
        EvaluatedDetector detector = EvaluatedDetector.Create(Path.GetFileNameWithoutExtension(path), truth, results, Settings, cancellationToken);
        detector.Warn(ui, truth, results, areFromFile: true);
        return detector;
    }

    private (CocoGroundTruth Truth, DetectionDataset? Dataset, string? Split) ReadTruth(ConsoleUi ui, CancellationToken cancellationToken)
    {
        if (IsCocoFile(TruthPath))
        {
            return (CocoGroundTruth.Read(TruthPath), null, null);
        }

        if (!Path.Exists(TruthPath) && !DataArgument.IsDemo(TruthPath))
        {
            throw new FileException($"{TruthPath}: no such file or folder. Pass COCO annotations or a data set.") { Path = TruthPath };
        }

        (DetectionDataset dataset, string split) = EvaluationSplit.Select(DataArgument.Open(TruthPath, ui, cancellationToken), Split, ui);
        return (CocoGroundTruth.From(dataset), dataset, split);
    }

    /// <summary>Returns whether a file is read as COCO annotations, as a whole: JSON, unless it is of another format.</summary>
    public static bool IsCocoFile(string path) => File.Exists(path) && Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
        && (JsonSignature.TryRead(path) is not { } signature || signature.Keys.Count == 0 || UnrecognizedFiles.IsResults(signature)
            || (!signature.IsArray && new[] { "images", "annotations", "categories" }.Any(signature.Keys.Contains)));

    // The report shows images if they are found; the metrics need none.
    private static DetectionDataset? FindImages(string truthPath)
    {
        try
        {
            return DatasetReader.Read(truthPath, new DatasetReadOptions { Format = DatasetFormats.Coco, RequireImages = false, VerifyImages = false });
        }
        catch (FocalSharpException)
        {
            return null;
        }
    }
}
