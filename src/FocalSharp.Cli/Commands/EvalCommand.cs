using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using FocalSharp.Cli.Evaluation;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp eval</c>: evaluates a model on a data set, or COCO results against COCO annotations.</summary>
internal sealed class EvalCommand : CliCommand
{
    private readonly ModelArgument _model = new();
    private readonly Argument<string?> _data = new("DATA")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The data set to evaluate the model on, or 'demo'",
    };

    private readonly Option<string?> _groundTruth = new("--gt")
    {
        HelpName = "FILE",
        Description = "COCO annotations: the ground truth",
    };

    private readonly Option<string?> _detections = new("--dt")
    {
        HelpName = "FILE",
        Description = "COCO results: the detections to evaluate",
    };

    private readonly Option<string?> _split = ChoiceOption.Create(
        "--split", "Split to evaluate on [default: the one that training evaluates on: test, else val, else 20 % held out]", "train", "val", "test", "all");

    private readonly Option<int?> _size = SharedOptions.Size("Input size [default: as trained]");
    private readonly TilesOption _tiles = new();
    private readonly Option<string?> _json = SharedOptions.Json("Write the metrics as JSON");
    private readonly Option<string?> _saveResults = new("--save-results")
    {
        HelpName = "FILE",
        Description = "Write the detections as COCO results JSON",
    };

    private readonly Option<string?> _report = new("--report")
    {
        HelpName = "HTML",
        Description = "Write a report with curves, errors and their cost in AP, worst images and labels to check; its numbers are added to --json",
    };

    private readonly Option<string?> _precision = PrecisionOption.Create("float32");
    private readonly Option<string?> _device = SharedOptions.Device();

    public EvalCommand(ConsoleUi ui)
        : base(ui, "eval", "Evaluate detections with COCO's average precision (AP).")
    {
        Details = "Evaluates a model on a data set, or with --gt and --dt the COCO results of any detector.";
        Examples =
        [
            new("focalsharp eval runs/demo demo", "a run on the demo's validation split"),
            new("focalsharp eval runs/blood/best.safetensors path/to/dataset --split test", "weights on a test split"),
            new("focalsharp eval model.onnx path/to/dataset --report report.html", "an exported model, with a report"),
            new("focalsharp eval --gt annotations.json --dt results.json --json scores.json", "any detector's COCO results"),
            new("focalsharp eval --gt annotations.json --dt results.json --report report.html", "errors, their cost in AP, and labels to check"),
        ];
        AddSymbols(
            _model.Model, _data, _model.Weights, _groundTruth, _detections, _split, _size, _tiles.Tiles, _tiles.Overlap, _json,
            _saveResults, _report, _precision, _device);
        _report.RequireHtmlExtension();
    }

    public override IEnumerable<string> Validate(CommandResult result)
    {
        bool files = result.GetValue(_groundTruth) is not null || result.GetValue(_detections) is not null;
        (string? model, IReadOnlyList<string> others) = _model.Split(result, result.GetValue(_data));
        if (files && (result.GetValue(_groundTruth) is null || result.GetValue(_detections) is null))
        {
            yield return "--gt and --dt belong together: the ground truth, and the detections to evaluate.";
        }
        else if (files && model is not null)
        {
            yield return "Give either a model and a data set, or --gt and --dt, not both.";
        }
        else if (!files && (model is null || others.Count == 0))
        {
            yield return "Give a model and a data set, or two COCO files with --gt and --dt.";
        }
        else if (others.Count > 1)
        {
            yield return $"Unexpected argument '{others[1]}': --weights already names the model.";
        }
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        string? page = parsed.GetValue(_report);
        (RunResult result, DetectionReport? report) = parsed.GetValue(_groundTruth) is { } truth && parsed.GetValue(_detections) is { } detections
            ? EvaluateFiles(truth, detections, parsed)
            : EvaluateModel(parsed, output.Ui, cancellationToken);
        Tables.Write(output.Ui, result.Metrics);
        if (result.Calibration is { } calibration)
        {
            CalibrationView.Write(output.Ui, calibration);
        }

        output.Write(result.ToJson);
        if (report is not null)
        {
            HtmlReport.Save(DetectionReport.AddImages(report), page!);
            output.Ui.Dim($"Report: {page}");
        }

        return Task.FromResult(ExitCodes.Success);
    }

    private (RunResult Result, DetectionReport? Report) EvaluateFiles(string truthPath, string resultsPath, ParseResult parsed)
    {
        long started = Stopwatch.GetTimestamp();
        Task<CocoResults> reading = Task.Run(() => CocoResults.Read(resultsPath));
        CocoGroundTruth truth = CocoGroundTruth.Read(truthPath);
        CocoResults results = reading.GetAwaiter().GetResult();
        CocoMetrics metrics = CocoEvaluator.Evaluate(truth, results);
        RunResult result = new()
        {
            Metrics = metrics,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Command = CommandLine.Format(parsed),
            Dataset = truthPath,
        };
        if (parsed.GetValue(_report) is null)
        {
            return (result, null);
        }

        DetectionReport report = DetectionReport.Create(Path.GetFileNameWithoutExtension(resultsPath), truth, results, metrics, FindImages(truthPath)) with
        {
            Subtitle = $"{Path.GetFileName(resultsPath)} evaluated against {Path.GetFileName(truthPath)}",
            EvaluatedOn = $"{truth.ImageIds.Count} images",
            Command = CommandLine.Format(parsed),
        };
        return (result with { Analysis = report.Analysis }, report);
    }

    private (RunResult Result, DetectionReport? Report) EvaluateModel(ParseResult parsed, ConsoleUi ui, CancellationToken cancellationToken)
    {
        (string? model, IReadOnlyList<string> others) = _model.Split(parsed.CommandResult, parsed.GetValue(_data));
        ModelEvaluation evaluation = new()
        {
            Model = model!,
            Data = others[0],
            Split = parsed.GetValue(_split),
            Load = new DetectorLoadOptions
            {
                InputSize = parsed.GetValue(_size),
                Device = parsed.GetValue(_device),
                Precision = PrecisionOption.Parse(parsed.GetValue(_precision), Precision.Float32),
            },
            Tiles = _tiles.GetOptions(parsed),
            ResultsPath = parsed.GetValue(_saveResults),
            CreateReport = parsed.GetValue(_report) is not null,
            CommandLine = CommandLine.Format(parsed),
        };
        return evaluation.Run(ui, cancellationToken);
    }

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
