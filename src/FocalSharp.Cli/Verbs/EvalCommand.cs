using FocalSharp.Cli.Terminal;
using FocalSharp.Reporting;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>eval</c>: two COCO files, or a model on a data set.</summary>
internal static class EvalCommand
{
    /// <summary>Judges as asked and returns the exit code.</summary>
    public static int Run(EvalRequest request, ConsoleUi ui, CancellationToken cancellationToken)
    {
        JsonOutput output = new(request.Json, ui);
        (RunResult result, TrainingReport? report) = request.GroundTruth is { } truth && request.Detections is { } detections
            ? EvalFilesCommand.Evaluate(request, truth, detections)
            : EvalModelCommand.Evaluate(request, output.Ui, cancellationToken);
        Tables.Write(output.Ui, result.Metrics);
        if (result.Calibration is { } calibration)
        {
            CalibrationView.Write(output.Ui, calibration);
        }

        output.Write(result.ToJson);
        if (report is not null)
        {
            HtmlReport.Save(DetectionReport.AddImages(report), request.Report!);
            output.Ui.Dim($"Report: {request.Report}");
        }

        return ExitCodes.Success;
    }
}
