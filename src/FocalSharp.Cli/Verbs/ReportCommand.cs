using System.Diagnostics;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Training.Demo;
using FocalSharp.Training.Reports;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>report</c>.</summary>
internal static class ReportCommand
{
    /// <summary>Judges a run's weights again and writes its page.</summary>
    public static int Run(string path, string? data, string? target, string? json, string command, ConsoleUi ui, CancellationToken cancellation)
    {
        JsonOutput output = new(json, ui);
        RunFolder folder = RunFolder.Find(path);
        RunRecord record = RunRecord.Read(folder);
        DetectionDataset dataset = data is null ? Trained(record, output.Ui, cancellation) : DataSource.Open(data, output.Ui, cancellation);
        long started = Stopwatch.GetTimestamp();
        int images = SplitChoice.JudgeOf(dataset).Judge.Images.Count;
        (TrainingReport report, string weights) = Steps.Show(
            output.Ui, "judging", images, progress => RunReport.Rebuild(folder, dataset, progress, cancellation));
        string page = target ?? folder.ReportPath;
        HtmlReport.Save(report, page);
        output.Ui.Line($"AP {Tables.Score(report.Metrics!.AP)}, AP50 {Tables.Score(report.Metrics.AP50)} of {Path.GetFileName(weights)} on {report.JudgedOn}");
        output.Ui.Quiet($"Report: {page}");
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
            Stages = report.Stages,
        }.ToJson());
        return ExitCodes.Success;
    }

    private static DetectionDataset Trained(RunRecord record, ConsoleUi ui, CancellationToken cancellation)
    {
        if (string.Equals(record.DataPath, TrainingRun.Demo, StringComparison.Ordinal))
        {
            return DemoDataset.Create(record.DemoFolder, cancellation: cancellation) with { Name = TrainingRun.Demo };
        }

        return Path.Exists(record.DataPath)
            ? DataSource.Open(record.DataPath, ui, cancellation)
            : throw new UserErrorException($"{record.DataPath}: the data set that the run was trained on is no longer there. Say where it is now: focalsharp report RUN DATA");
    }
}
