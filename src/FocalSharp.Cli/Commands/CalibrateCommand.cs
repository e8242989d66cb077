using System.CommandLine;
using System.CommandLine.Parsing;
using FocalSharp.Cli.Calibration;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Detections.Calibration;
using FocalSharp.Evaluation.Calibration.Fitting;
using FocalSharp.Models;
using FocalSharp.Models.Calibration;
using FocalSharp.Models.Catalog;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp calibrate</c>: calibrates a model's scores and edges on labeled images.</summary>
internal sealed class CalibrateCommand : CliCommand
{
    private readonly ModelArgument _model = new();
    private readonly CalibrationInputs _inputs = new("calibrate on");
    private readonly Option<string?> _scores = ChoiceOption.Create(
        "--scores", "What calibrated scores estimate: the IoU with the object, 0 if there is none (iou), or the probability that the detection is correct at IoU 0.5 (precision) [default: iou]",
        ScoreMapFitter.IouTarget, ScoreMapFitter.PrecisionTarget);

    private readonly Option<string?> _output = new("--out", "-o") { HelpName = "FILE", Description = "Write the calibrated model to this file [default: replace the model]" };
    private readonly Option<int?> _check = NumberOption.Create(
        "--check", "N", "Measure what a calibration is worth instead: calibrate on one half of the images and measure on the other, N times; the model is not changed", 1, 1000);

    private readonly Option<bool> _remove = new("--remove") { Description = "Remove the calibration from the model; score thresholds remain" };
    private readonly Option<string?> _json = SharedOptions.Json("Write the calibration, or the result of --check, as JSON");

    public CalibrateCommand(ConsoleUi ui)
        : base(ui, "calibrate", "Calibrate a model's scores and box edges on labeled images.")
    {
        Details = "Learns, from images that the model was not trained on, a map of its scores, the size of its edges' errors, and intervals that contain 80, 90 and\n"
            + "95 % of the true edges. They are stored in the model and applied by predict, serve, explore and eval. Takes as long as evaluating the images.";
        Examples =
        [
            new("focalsharp calibrate runs/blood path/to/dataset --split val", "stored in the run's best weights"),
            new("focalsharp calibrate model.onnx path/to/dataset", "an exported model"),
            new("focalsharp calibrate nanodet-g-coco path/to/dataset --out calibrated.safetensors", "a copy of a published model"),
            new("focalsharp calibrate runs/blood path/to/dataset --check 20", "coverage, widths and calibration error on 20 random halves"),
            new("focalsharp calibrate runs/blood --remove", "as before"),
        ];
        AddSymbols(_model.Model, _inputs.Data, _model.Weights, _inputs.Split, _scores, _output, _check, _remove, _json, _inputs.OnBadImage, _inputs.MaxMegapixels, _inputs.Device, _inputs.Provider);
    }

    public override IEnumerable<string> Validate(CommandResult result) =>
        _inputs.Validate(_model, result, needsData: !result.GetValue(_remove), [_remove, _check, _scores, _json]);

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        (string? model, IReadOnlyList<string> words) = _model.Split(parsed.CommandResult, parsed.GetValue(_inputs.Data));
        string file = ModelZoo.Resolve(model!);
        string target = parsed.GetValue(_output) ?? file;
        if (parsed.GetValue(_check) is null)
        {
            ModelCalibrationFile.RequireWritable(file, target);
        }

        if (parsed.GetValue(_remove))
        {
            Remove(file, target);
            return Task.FromResult(ExitCodes.Success);
        }

        CalibrationRun run = _inputs.Observe(parsed, file, words[0], output.Ui, cancellationToken);
        string scores = parsed.GetValue(_scores) ?? ScoreMapFitter.IouTarget;
        if (parsed.GetValue(_check) is { } trials)
        {
            CoverageSummary summary = CoverageTrials.Run(run.Observed.Images, run.Observed.Detections, run.Model.Classes.Count, trials, scores);
            CoverageView.Write(output.Ui, summary);
            output.Write(() => CoverageJson.Create(run, summary));
            return Task.FromResult(ExitCodes.Success);
        }

        DetectionCalibration calibration = ModelCalibrator.Fit(run.Model, run.Data, run.Split, run.Observed, scores);
        ModelCalibrationFile.Write(file, target, calibration);
        CalibrationResultView.Write(output.Ui, run, calibration);
        output.Write(() => DetectionCalibrationJson.Write(calibration));
        output.Ui.Success($"Calibrated model: {target}");
        WarnAboutExport(file, target);
        return Task.FromResult(ExitCodes.Success);
    }

    private void Remove(string file, string target)
    {
        DetectionCalibration? stored;
        using (Runtime.IDetector detector = DetectorLoader.Load(file))
        {
            stored = detector.Model.Calibration;
        }

        if (stored is null or { Scores: null, Edges: null })
        {
            Ui.Line($"{file}: is not calibrated.");
            return;
        }

        ModelCalibrationFile.Write(file, target, new DetectionCalibration { Thresholds = stored.Thresholds });
        Ui.Success($"Calibration removed: {target}");
    }

    private void WarnAboutExport(string file, string target)
    {
        string exported = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(target))!, "model.onnx");
        if (file == target && !DetectorLoader.IsOnnx(file) && File.Exists(exported))
        {
            Ui.Warn($"{exported} was exported before and is not calibrated. Export the model again: {CommandLine.Format(["focalsharp", "export", file])}");
        }
    }
}
