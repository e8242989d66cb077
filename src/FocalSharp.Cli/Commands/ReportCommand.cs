using System.CommandLine;
using System.Diagnostics;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Synthetic;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp report</c>: regenerates a run's report.</summary>
internal sealed class ReportCommand : CliCommand
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder (runs/NAME)" };
    private readonly Argument<string?> _data = new("DATA") { Arity = ArgumentArity.ZeroOrOne, Description = "The data set of the run, if it was moved" };
    private readonly Option<string?> _output = new("--out") { HelpName = "HTML", Description = "File to write [default: RUN/report.html]" };
    private readonly Option<string?> _json = SharedOptions.Json("Write the numbers of the report as JSON");

    public ReportCommand(ConsoleUi ui)
        : base(ui, "report", "Regenerate a run's report: errors, their cost in AP, labels to check.")
    {
        Details = "Evaluates the run's weights again on the images that training evaluated on. A running or interrupted run is reported with its\n"
            + "best weights so far. For other weights or data, use 'focalsharp eval MODEL DATA --report'.";
        Examples =
        [
            new("focalsharp report runs/cells", "write runs/cells/report.html"),
            new("focalsharp report runs/cells path/to/dataset --out cells.html", "with a data set that was moved, to another file"),
        ];
        AddSymbols(_run, _data, _output, _json);
        _output.RequireHtmlExtension();
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        string? data = parsed.GetValue(_data);
        RunFolder folder = RunFolder.Find(parsed.GetRequiredValue(_run));
        RunManifest manifest = RunManifest.Read(folder);
        DetectionDataset dataset = data is null ? OpenTrainingData(manifest, output.Ui, cancellationToken) : DataArgument.Open(data, output.Ui, cancellationToken);
        long started = Stopwatch.GetTimestamp();
        int images = TrainEvalSplit.SelectEval(dataset).EvalSplit.Images.Count;
        (TrainingReport report, string weights) = ProgressReporter.Run(
            output.Ui, "Evaluating", images, progress => RunReport.Rebuild(folder, dataset, progress, cancellationToken));
        string page = parsed.GetValue(_output) ?? folder.ReportPath;
        HtmlReport.Save(report, page);
        output.Ui.Line($"{Path.GetFileName(weights)} on {report.EvaluatedOn}: AP {Tables.FormatScore(report.Metrics!.AP)}, AP50 {Tables.FormatScore(report.Metrics.AP50)}");
        output.Ui.Dim($"Report: {page}");
        output.Write(() => new RunResult
        {
            Metrics = report.Metrics,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Command = CommandLine.Format(parsed),
            Dataset = data ?? manifest.Data,
            Weights = weights,
            Seed = manifest.Seed,
            Calibration = report.Calibration,
            Analysis = report.Analysis,
            Phases = report.Phases,
        }.ToJson());
        return Task.FromResult(ExitCodes.Success);
    }

    private static DetectionDataset OpenTrainingData(RunManifest manifest, ConsoleUi ui, CancellationToken cancellationToken)
    {
        if (manifest.DataPath == TrainingRun.DemoDataName)
        {
            return DemoDataset.Create(manifest.DemoFolder, cancellationToken: cancellationToken) with { Name = TrainingRun.DemoDataName };
        }

        return Path.Exists(manifest.DataPath)
            ? DataArgument.Open(manifest.DataPath, ui, cancellationToken)
            : throw new DatasetException($"{manifest.DataPath}: the data set of the run no longer exists. If it was moved, pass its path: focalsharp report RUN DATA");
    }
}
