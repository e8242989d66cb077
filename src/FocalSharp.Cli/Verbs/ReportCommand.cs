using System.Diagnostics;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Synthetic;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>report</c>.</summary>
internal static class ReportCommand
{
    /// <summary>Judges a run's weights again and writes its page.</summary>
    public static int Run(string path, string? data, string? target, string? json, string command, ConsoleUi ui, CancellationToken cancellationToken)
    {
        JsonOutput output = new(json, ui);
        RunFolder folder = RunFolder.Find(path);
        RunManifest record = RunManifest.Read(folder);
        DetectionDataset dataset = data is null ? OpenTrainingData(record, output.Ui, cancellationToken) : DataSource.Open(data, output.Ui, cancellationToken);
        long started = Stopwatch.GetTimestamp();
        int images = TrainEvalSplit.SelectEval(dataset).EvalSplit.Images.Count;
        (TrainingReport report, string weights) = ProgressReporter.Run(
            output.Ui, "judging", images, progress => RunReport.Rebuild(folder, dataset, progress, cancellationToken));
        string page = target ?? folder.ReportPath;
        HtmlReport.Save(report, page);
        output.Ui.Line($"AP {Tables.FormatScore(report.Metrics!.AP)}, AP50 {Tables.FormatScore(report.Metrics.AP50)} of {Path.GetFileName(weights)} on {report.EvaluatedOn}");
        output.Ui.Dim($"Report: {page}");
        output.Write(() => new RunResult
        {
            Metrics = report.Metrics,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Command = command,
            Dataset = data ?? record.Data,
            Weights = weights,
            Seed = record.Seed,
            Calibration = report.Calibration,
            Analysis = report.Analysis,
            Phases = report.Phases,
        }.ToJson());
        return ExitCodes.Success;
    }

    private static DetectionDataset OpenTrainingData(RunManifest record, ConsoleUi ui, CancellationToken cancellationToken)
    {
        if (string.Equals(record.DataPath, TrainingRun.DemoDataName, StringComparison.Ordinal))
        {
            return DemoDataset.Create(record.DemoFolder, cancellationToken: cancellationToken) with { Name = TrainingRun.DemoDataName };
        }

        return Path.Exists(record.DataPath)
            ? DataSource.Open(record.DataPath, ui, cancellationToken)
            : throw new FocalSharpException($"{record.DataPath}: the data set that the run was trained on is no longer there. Say where it is now: focalsharp report RUN DATA");
    }
}
