using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FocalSharp.Cli.Calibration;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Detections.Calibration;
using FocalSharp.Evaluation.Calibration.Thresholds;
using FocalSharp.Models;
using FocalSharp.Models.Calibration;
using FocalSharp.Models.Catalog;
using Spectre.Console;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp threshold</c>: chooses score thresholds that hold a recall or precision with a stated confidence.</summary>
internal sealed class ThresholdCommand : CliCommand
{
    private const double DefaultConfidence = 0.9;

    private readonly ModelArgument _model = new();
    private readonly CalibrationInputs _inputs = new("choose the thresholds on");
    private readonly Option<double?> _recall = NumberOption.Create("--recall", "RATE", "Least fraction of the objects that are detected (IoU 0.5), above 0 and below 1", 0.0, 1.0);
    private readonly Option<double?> _missRate = NumberOption.Create("--miss-rate", "RATE", "Largest fraction of the objects that are missed: 1 - recall", 0.0, 1.0);
    private readonly Option<double?> _precision = NumberOption.Create("--precision", "RATE", "Least fraction of the detections that are correct (IoU 0.5), above 0 and below 1", 0.0, 1.0);
    private readonly Option<double> _confidence = NumberOption.Create(
        "--confidence", "PROBABILITY", "Probability that the rate holds on further images of the same kind, for each class by itself", 0.5, 0.9999, DefaultConfidence);

    private readonly Option<string?> _output = new("--out", "-o") { HelpName = "FILE", Description = "Write the model with its thresholds to this file [default: replace the model]" };
    private readonly Option<bool> _remove = new("--remove") { Description = "Remove the thresholds from the model; its calibration remains" };
    private readonly Option<string?> _json = SharedOptions.Json("Write the thresholds as JSON");

    public ThresholdCommand(ConsoleUi ui)
        : base(ui, "threshold", "Choose score thresholds that hold a recall or precision.")
    {
        Details = "The thresholds of the classes are stored in the model and become the default of predict and serve. A class for which the images do not show the\n"
            + "rate keeps the usual default; the table states what they show and how many examples would be needed.";
        Examples =
        [
            new("focalsharp threshold runs/blood path/to/dataset --recall 0.95", "with the default confidence of 0.9"),
            new("focalsharp threshold model.onnx path/to/dataset --precision 0.99 --confidence 0.95", "few false alarms"),
            new("focalsharp threshold runs/blood path/to/dataset --miss-rate 0.02 --split val", "at most 2 % of the objects missed"),
            new("focalsharp threshold runs/blood --remove", "as before"),
        ];
        AddSymbols(
            _model.Model, _inputs.Data, _model.Weights, _recall, _precision, _missRate, _confidence, _inputs.Split, _output, _remove, _json,
            _inputs.OnBadImage, _inputs.MaxMegapixels, _inputs.Device, _inputs.Provider);
    }

    public override IEnumerable<string> Validate(CommandResult result)
    {
        bool remove = result.GetValue(_remove);
        foreach (string problem in _inputs.Validate(_model, result, needsData: !remove, [_remove, _recall, _missRate, _precision, _json]))
        {
            yield return problem;
        }

        double?[] rates = [result.GetValue(_recall), result.GetValue(_missRate), result.GetValue(_precision)];
        if (!remove && rates.Count(rate => rate is not null) != 1)
        {
            yield return "Give one of --recall, --precision and --miss-rate.";
        }

        if (rates.Any(rate => rate is 0 or 1))
        {
            yield return "A rate is above 0 and below 1: no number of examples shows a rate of exactly 0 or 1.";
        }
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        (string? model, IReadOnlyList<string> words) = _model.Split(parsed.CommandResult, parsed.GetValue(_inputs.Data));
        string file = ModelZoo.Resolve(model!);
        string target = parsed.GetValue(_output) ?? file;
        ModelCalibrationFile.RequireWritable(file, target);
        if (parsed.GetValue(_remove))
        {
            Store(file, target, null);
            Ui.Success($"Score thresholds removed: {target}");
            return Task.FromResult(ExitCodes.Success);
        }

        CalibrationRun run = _inputs.Observe(parsed, file, words[0], output.Ui, cancellationToken);
        bool isPrecision = parsed.GetValue(_precision) is not null;
        double rate = parsed.GetValue(_precision) ?? parsed.GetValue(_recall) ?? 1 - parsed.GetValue(_missRate)!.Value;
        double confidence = parsed.GetValue(_confidence);
        ClassThreshold?[] found = ClassThresholds.Find(run, isPrecision, rate, confidence);
        Write(output.Ui, run, found, isPrecision ? "precision" : "recall", rate, confidence);
        if (found.All(one => one?.Threshold is null))
        {
            throw new DatasetException(string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Data}: its images do not show a {(isPrecision ? "precision" : "recall")} of {rate} with confidence {confidence} for any class, so nothing was stored. Use more labeled images, or ask for less."));
        }

        ScoreThresholds thresholds = new(isPrecision ? "precision" : "recall", rate, confidence, [.. found.Select(one => one?.Threshold)]);
        Store(file, target, thresholds);
        output.Write(() => ClassThresholds.ToJson(run, thresholds, found));
        output.Ui.Success($"Stored in {target}: the default of predict and serve from now on.");
        return Task.FromResult(ExitCodes.Success);
    }

    private static void Store(string file, string target, ScoreThresholds? thresholds)
    {
        using Runtime.IDetector detector = DetectorLoader.Load(file);
        DetectionCalibration stored = detector.Model.Calibration ?? new DetectionCalibration();
        ModelCalibrationFile.Write(file, target, stored with { Thresholds = thresholds });
    }

    private static void Write(ConsoleUi ui, CalibrationRun run, ClassThreshold?[] found, string metric, double rate, double confidence)
    {
        bool isRecall = metric == "recall";
        Table table = Tables.Create(ui, "class", ">threshold", isRecall ? ">detected" : ">correct", isRecall ? ">objects" : ">detections", $">{metric} at least");
        for (int label = 0; label < found.Length; label++)
        {
            if (found[label] is not { } one)
            {
                continue;
            }

            string bound = string.Create(CultureInfo.InvariantCulture, $"{one.LowerBound:F3}");
            string threshold = one.Threshold is { } value
                ? string.Create(CultureInfo.InvariantCulture, $"{run.Model.Calibration?.MapScore(value) ?? value:F3}")
                : one.Count < one.Required ? $"needs {one.Required} or more" : "not shown";
            table.Row(run.Model.Classes[label], threshold, $"{one.Successes}", $"{one.Count}", bound);
        }

        ui.Line(string.Create(CultureInfo.InvariantCulture, $"{metric} of at least {rate} at IoU 0.5, with confidence {confidence} for each class"));
        ui.Write(table);
    }
}
