using System.Diagnostics;
using FocalSharp.Cli.Terminal;
using FocalSharp.Evaluation;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>eval</c>: two COCO files, or a model on a data set.</summary>
internal static class EvalCommand
{
    /// <summary>Judges as asked and returns the exit code.</summary>
    public static int Run(EvalRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        JsonOutput output = new(request.Json, ui);
        RunResult result = request.GroundTruth is { } truth && request.Detections is { } detections
            ? JudgeFiles(truth, detections, request.CommandLine)
            : EvalModelCommand.Judge(request, output.Ui, cancellation);
        Tables.Write(output.Ui, result.Metrics);
        if (result.Calibration is { } calibration)
        {
            CalibrationView.Write(output.Ui, calibration);
        }

        output.Write(result.ToJson);
        return ExitCodes.Success;
    }

    private static RunResult JudgeFiles(string truth, string detections, string command)
    {
        long started = Stopwatch.GetTimestamp();
        CocoMetrics metrics = CocoEvaluator.EvaluateFiles(truth, detections);
        return new RunResult { Metrics = metrics, Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, Command = command, Dataset = truth };
    }
}
