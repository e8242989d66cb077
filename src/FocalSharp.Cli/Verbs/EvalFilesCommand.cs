using System.Diagnostics;
using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Reporting;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>The part of <c>eval</c> that compares two COCO files.</summary>
internal static class EvalFilesCommand
{
    /// <summary>Judges the detections by the truth, and looks into them where a report is asked for.</summary>
    public static (RunResult Result, TrainingReport? Report) Evaluate(EvalRequest request, string truthPath, string resultsPath)
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
            Command = request.CommandLine,
            Dataset = truthPath,
        };
        if (request.Report is null)
        {
            return (result, null);
        }

        TrainingReport report = DetectionReport.Create(Path.GetFileNameWithoutExtension(resultsPath), truth, results, metrics, Images(truthPath)) with
        {
            Subtitle = $"{Path.GetFileName(resultsPath)} judged by {Path.GetFileName(truthPath)}",
            EvaluatedOn = $"{truth.ImageIds.Count} images",
            Command = request.CommandLine,
        };
        return (result with { Analysis = report.Analysis }, report);
    }

    // Where the images are is worth knowing, not worth failing for: the numbers need none.
    private static DetectionDataset? Images(string truthPath)
    {
        try
        {
            return DatasetReader.Read(truthPath, new DatasetReadOptions { Format = DatasetFormat.Coco, RequireImages = false, VerifyImages = false });
        }
        catch (FocalSharpException)
        {
            return null;
        }
    }
}
