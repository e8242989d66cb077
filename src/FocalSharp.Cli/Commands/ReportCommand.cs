using System.CommandLine;
using System.Diagnostics;
using FocalSharp.Cli.Evaluation;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Evaluation.Bootstrap;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Reporting;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp report</c>: writes the report of a run, or of a model on a data set.</summary>
internal sealed class ReportCommand : CliCommand
{
    private readonly Argument<string> _run = new("RUN")
    {
        Description = "The run folder (runs/NAME); or a weights file, an ONNX file or the name of a published model, with DATA",
    };

    private readonly Argument<string?> _data = new("DATA")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The data set [default: the one the run was evaluated on]; or a second run, to compare with",
    };

    private readonly Option<string?> _output = new("--out")
    {
        HelpName = "HTML",
        Description = "File to write [default: RUN/report.html, RUN/comparison.html with a second run, or the model file with .html]",
    };

    private readonly Option<string?> _json = SharedOptions.Json("Write the numbers of the report as JSON");

    public ReportCommand(ConsoleUi ui)
        : base(ui, "report", "Write the report of a run or a model: errors, their cost in AP, labels to check.")
    {
        Details = "Evaluates the run's weights again on the images that training evaluated on. A running or interrupted run is reported with its\n"
            + "best weights so far. With a model instead of a run, DATA is required. With a second run,\n"
            + "the report compares both on the images of the first: AP with its paired interval, what one finds and the other misses, curves, settings.";
        Examples =
        [
            new("focalsharp report runs/cells", "write runs/cells/report.html"),
            new("focalsharp report runs/cells path/to/dataset --out cells.html", "with a data set that was moved, to another file"),
            new("focalsharp report runs/cells runs/cells-2", "compare two runs in runs/cells/comparison.html"),
            new("focalsharp report model.onnx path/to/dataset", "write model.html for an exported model"),
        ];
        AddSymbols(_run, _data, _output, _json);
        _output.RequireHtmlExtension();
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string run = parsed.GetRequiredValue(_run);
        bool isModel = File.Exists(run) || (!Directory.Exists(run) && ModelCatalog.Entries.Any(entry => entry.Name == run));
        return Task.FromResult(IsRun(parsed.GetValue(_data)) ? CompareRuns(run, parsed.GetValue(_data)!, parsed, cancellationToken)
            : isModel ? ReportModel(run, parsed, cancellationToken) : ReportRun(run, parsed, cancellationToken));
    }

    private int ReportModel(string model, ParseResult parsed, CancellationToken cancellationToken)
    {
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        ModelEvaluation evaluation = new()
        {
            Model = model,
            Data = parsed.GetValue(_data) ?? throw new OptionException($"{model}: is a model, not a run. Pass the data set to evaluate it on: focalsharp report {model} DATA"),
            CreateReport = true,
            CommandLine = CommandLine.Format(parsed),
        };
        EvaluationOutcome outcome = evaluation.Run(output.Ui, cancellationToken)!; // one process does all of it
        Save(DetectionReport.AddImages(outcome.Report!), parsed.GetValue(_output) ?? Path.ChangeExtension(model, ".html"), outcome.Result.Weights!, output.Ui);
        output.Write(outcome.Result.ToJson);
        return ExitCodes.Success;
    }

    private int ReportRun(string run, ParseResult parsed, CancellationToken cancellationToken)
    {
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        string? data = parsed.GetValue(_data);
        RunFolder folder = RunFolder.Find(run);
        RunManifest manifest = RunManifest.Read(folder);
        DetectionDataset dataset = data is null ? OpenTrainingData(manifest, output.Ui, cancellationToken) : DataArgument.Open(data, output.Ui, cancellationToken);
        long started = Stopwatch.GetTimestamp();
        (DetectionReport report, string weights) = Rebuild(folder, dataset, output.Ui, cancellationToken);
        report = report with { NextCommand = SuggestedCommands.FormatPredict(weights), Links = SuggestedCommands.LinkImages(folder.Path) };
        Save(report, parsed.GetValue(_output) ?? folder.ReportPath, weights, output.Ui);
        output.Write(() => new RunResult
        {
            Metrics = report.Metrics!,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Command = CommandLine.Format(parsed),
            Dataset = data ?? manifest.Data,
            Weights = weights,
            Seed = manifest.Seed,
            Calibration = report.Calibration,
            Analysis = report.Analysis,
            Phases = report.Phases,
        }.ToJson());
        return ExitCodes.Success;
    }

    private static (DetectionReport Report, string Weights) Rebuild(RunFolder folder, DetectionDataset dataset, ConsoleUi ui, CancellationToken cancellationToken) =>
        ProgressReporter.Run(
            ui, $"Evaluating {folder.Name}", TrainEvalSplit.SelectEval(dataset).EvalSplit.Images.Count, progress => RunReport.Rebuild(folder, dataset, progress, cancellationToken));

    private static bool IsRun(string? path) => path is not null && File.Exists(Path.Combine(path, "run.json"));

    private int CompareRuns(string run, string other, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_json) is not null)
        {
            throw new OptionException("--json is of one run; compare two with 'focalsharp eval RUN DATA --against RUN --json FILE'.") { OptionName = "json" };
        }

        (RunFolder first, RunFolder second) = (RunFolder.Find(run), RunFolder.Find(other));
        DetectionDataset dataset = OpenTrainingData(RunManifest.Read(first), Ui, cancellationToken);
        ComparisonReport report = ComparisonReport.Create(
            Rebuild(first, dataset, Ui, cancellationToken).Report, Rebuild(second, dataset, Ui, cancellationToken).Report) with
        {
            ExploreCommand = Path.GetDirectoryName(first.Path) is { } root && root == Path.GetDirectoryName(second.Path)
                ? CommandLine.Format(["focalsharp", "explore", Path.GetRelativePath(".", root)])
                : "",
        };
        string page = parsed.GetValue(_output) ?? first.GetPath("comparison.html");
        report.Save(page);
        PairedComparison? ap = report.Values.Headline[0].Difference;
        Ui.Line(ap is null
            ? $"{first.Name} and {second.Name}: there are no objects"
            : FormattableString.Invariant($"{first.Name} AP {ap.First:0.000}, {second.Name} AP {ap.Second:0.000}: difference {ap.Difference:+0.000;-0.000} (95 % interval {ap.Interval.Low:+0.000;-0.000} to {ap.Interval.High:+0.000;-0.000}, p {ap.PValue:0.000})"));
        Ui.Dim($"Report: {page}");
        return ExitCodes.Success;
    }

    private static void Save(DetectionReport report, string page, string weights, ConsoleUi ui)
    {
        HtmlReport.Save(report, page);
        ui.Line($"{Path.GetFileName(weights)} on {report.EvaluatedOn}: AP {Tables.FormatScore(report.Metrics!.AP)}, AP50 {Tables.FormatScore(report.Metrics.AP50)}");
        ui.Dim($"Report: {page}");
    }

    private static DetectionDataset OpenTrainingData(RunManifest manifest, ConsoleUi ui, CancellationToken cancellationToken)
    {
        if (manifest is { Data: DataArgument.Demo, DataPath: { } demo })
        {
            return DataArgument.OpenDemo(demo, ui, cancellationToken);
        }

        return Path.Exists(manifest.DataPath)
            ? DataArgument.Open(manifest.DataPath, ui, cancellationToken)
            : throw new DatasetException($"{manifest.DataPath ?? manifest.Data}: the data set of the run no longer exists. If it was moved, pass its path: focalsharp report RUN DATA");
    }
}
