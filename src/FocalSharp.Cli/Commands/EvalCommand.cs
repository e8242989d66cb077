using System.CommandLine;
using System.CommandLine.Parsing;
using FocalSharp.Cli.Evaluation;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Sharding;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Runtime;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp eval</c>: evaluates a model on a data set, or COCO results against COCO annotations.</summary>
internal sealed class EvalCommand : CliCommand
{
    private readonly ModelArgument _model = new ModelArgument().AllowSeveral();
    private readonly Argument<string?> _data = new("DATA")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The data set to evaluate the model on, or 'demo'",
    };

    private readonly Option<string?> _groundTruth = new("--gt")
    {
        HelpName = "FILE",
        Description = "The ground truth: COCO annotations, or a data set of any format",
    };

    private readonly Option<string?> _detections = new("--dt")
    {
        HelpName = "FILE",
        Description = "COCO results: the detections to evaluate, matched to images by image_id or file_name",
    };

    private readonly Option<string?> _split = ChoiceOption.Create(
        "--split", "Split to evaluate on [default: the one that training evaluates on: test, else val, else 20 % held out]", "train", "val", "test", "all");

    private readonly Option<int?> _size = SharedOptions.Size("Input size [default: as trained]");
    private readonly TilesOption _tiles = new();
    private readonly PostprocessingArguments _boxes = new();
    private readonly EvaluationOptions _evaluation = new();
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

    private readonly Option<string?> _onBadImage = SharedOptions.OnBadImage("evaluation");
    private readonly Option<int?> _maxMegapixels = SharedOptions.MaxMegapixels();
    private readonly ShardOption _shard = new();
    private readonly Option<string?> _precision = PrecisionOption.Create("float32");
    private readonly Option<string?> _device = SharedOptions.Device();
    private readonly Option<string?> _provider = SharedOptions.Provider();

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
            new("focalsharp eval --gt VOC2007 --split test --dt results.json --protocol voc07", "VOC's 11-point AP"),
            new("focalsharp eval --weights runs/a --weights runs/b path/to/dataset --flip", "two models as one detector, each image and its mirror image"),
            new("focalsharp eval runs/demo demo --nms voting", "edges averaged over overlapping boxes"),
            new("focalsharp eval best.safetensors path/to/dataset --shard 3/64 --parts /shared/parts", "part 3 of 64, for a job array; the last part to finish evaluates all"),
            new("focalsharp eval --gt annotations.json --dt a.json --against b.json", "two detectors on the same images, with the significance"),
        ];
        AddSymbols(
            [
                _model.Model, _data, _model.Weights, _groundTruth, _detections, _split, .. _evaluation.All, _boxes.Nms, _boxes.Rescore, _boxes.Flip, _boxes.Scales, _size, _tiles.Tiles, _tiles.Overlap, _tiles.TilesOnly, _json,
                _saveResults, _report, _onBadImage, _maxMegapixels, _shard.Option, _shard.Folder, _precision, _device, _provider,
            ]);
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
        else if (files && result.GetValue(_split) is { } split and not "all" && FileEvaluation.IsCocoFile(result.GetValue(_groundTruth)!))
        {
            yield return $"--split {split} chooses images of a data set, but '{result.GetValue(_groundTruth)}' is a COCO file, which is evaluated as a whole. Pass the data set's folder with --gt, or leave out --split.";
        }
        else if (files && result.GetValue(_shard.Option) is not null)
        {
            yield return "--shard shares out images for a model; --gt and --dt need one process only.";
        }
        else if (others.Count > 1)
        {
            yield return $"Unexpected argument '{others[1]}': --weights already names the model.";
        }

        if (result.GetValue(_report) is not null && _evaluation.FindReportProblem(result) is { } problem)
        {
            yield return problem;
        }
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        EvaluationSettings settings = _evaluation.GetSettings(parsed);
        EvaluationOutcome? outcome = parsed.GetValue(_groundTruth) is { } truth && parsed.GetValue(_detections) is { } detections
            ? CreateFileEvaluation(truth, detections, settings, parsed).Run(output.Ui, cancellationToken)
            : CreateModelEvaluation(settings, parsed).Run(output.Ui, cancellationToken);
        if (outcome is null)
        {
            return Task.FromResult(ExitCodes.Success); // another process evaluates the parts together
        }

        EvaluationView.Write(output.Ui, outcome.Detector);
        if (outcome.Result.Calibration is { } calibration)
        {
            CalibrationView.Write(output.Ui, calibration);
        }

        if (outcome.Other is not null)
        {
            EvaluationView.WriteComparison(output.Ui, outcome.Detector, outcome.Other);
        }

        output.Write(() => EvaluationJson.Create(outcome.Result, outcome.Detector, outcome.Other));
        if (outcome.Report is not null)
        {
            string page = parsed.GetValue(_report)!;
            HtmlReport.Save(DetectionReport.AddImages(outcome.Report), page);
            output.Ui.Dim($"Report: {page}");
        }

        return Task.FromResult(ExitCodes.Success);
    }

    private FileEvaluation CreateFileEvaluation(string truth, string detections, EvaluationSettings settings, ParseResult parsed) => new()
    {
        TruthPath = truth,
        ResultsPath = detections,
        Split = parsed.GetValue(_split),
        Settings = settings,
        CreateReport = parsed.GetValue(_report) is not null,
        SavePath = parsed.GetValue(_saveResults),
        CommandLine = CommandLine.Format(parsed),
    };

    private ModelEvaluation CreateModelEvaluation(EvaluationSettings settings, ParseResult parsed)
    {
        (string? model, IReadOnlyList<string> others) = _model.Split(parsed.CommandResult, parsed.GetValue(_data));
        return new ModelEvaluation
        {
            Model = model!,
            OtherModels = _model.GetOthers(parsed),
            Data = others[0],
            Split = parsed.GetValue(_split),
            Settings = settings,
            Load = new DetectorLoadOptions
            {
                InputSize = parsed.GetValue(_size),
                Device = parsed.GetValue(_device),
                ExecutionProvider = parsed.GetValue(_provider),
                OnProviderFallback = Ui.Warn,
                Precision = PrecisionOption.Parse(parsed.GetValue(_precision), Precision.Float32),
                Decode = SharedOptions.GetDecodeOptions(parsed.GetValue(_maxMegapixels)),
            },
            OnBadImage = SharedOptions.ParseOnBadImage(parsed.GetValue(_onBadImage), FailureAction.Skip),
            Detect = _boxes.Apply(parsed, new DetectOptions { Tiles = _tiles.GetOptions(parsed) }),
            ResultsPath = parsed.GetValue(_saveResults),
            CreateReport = parsed.GetValue(_report) is not null,
            CommandLine = CommandLine.Format(parsed),
            OpenParts = (images, models) => _shard.Open(parsed, parsed.GetRequiredValue(_shard.Folder), images, models),
        };
    }
}
