using FocalSharp.Datasets;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tuning;

namespace FocalSharp.Training.Runs;

/// <summary>The files that a run leaves beside its weights.</summary>
internal static class TrainingResultFiles
{
    /// <summary>Writes the metrics, the report and pictures of the validation images.</summary>
    /// <param name="request">The run's request.</param>
    /// <param name="result">How the run ended.</param>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="split">The data; its evaluation split are the images that were evaluated.</param>
    /// <param name="loop">The loop, after its end.</param>
    /// <param name="evaluation">The final evaluation.</param>
    /// <param name="trainer">What was trained.</param>
    /// <param name="seconds">Seconds of the run without its setup.</param>
    /// <param name="skipped">Paths of images that could not be read.</param>
    /// <returns>The result, with its metrics and pictures.</returns>
    public static TrainingResult Write(
        TrainingRequest request,
        TrainingResult result,
        Recipe recipe,
        TrainEvalSplit split,
        TrainingLoop loop,
        EvaluationResult evaluation,
        Trainer trainer,
        double seconds,
        IReadOnlyList<string> skipped)
    {
        RunFolder folder = result.Folder;
        DetectionReport report = DetectionReport.Create(folder.Name, split.Eval, evaluation.Detections, evaluation.Metrics) with
        {
            Subtitle = RunReport.FormatSubtitle(recipe.Name, split.Eval.Name, recipe.Input.ShortSide, result.Epochs, weights: null),
            EvaluatedOn = RunReport.DescribeEvalSplit(split),
            TrainingObjectCounts = RunReport.CountTrainingObjects(split.Train),
            PretrainedAP = loop.PretrainedAP,
            Facts = RunReport.GetFacts(seconds, loop.ImagesPerSecond),
            Log = MetricsLog.Read(folder.MetricsPath),
            Phases = trainer.Profiler.Timings,
            Tuning = TuningResult.ReadTable(folder),
            Settings = [.. RecipeBook.Flatten(recipe)],
            Command = request.CommandLine,
            NextCommand = request.SuggestCommand?.Invoke(folder.LastWeightsPath) ?? "",
            Links = request.LinkImages?.Invoke(folder.Path),
        };
        RunResult numbers = new()
        {
            Metrics = evaluation.Metrics,
            Seconds = seconds,
            ImagesPerSecond = loop.ImagesPerSecond,
            Seed = request.Options.Seed,
            Command = request.CommandLine,
            Dataset = request.DataName,
            Split = split.EvalName,
            Weights = folder.LastWeightsPath,
            Epochs = result.Epochs,
            PretrainedAP = loop.PretrainedAP,
            Phases = trainer.Profiler.Timings,
            Ranks = loop.RankTimings,
            Calibration = report.Calibration,
            Analysis = report.Analysis,
            AdditionalMetrics = evaluation.AdditionalMetrics,
            SkippedImages = skipped,
        };
        numbers.Save(folder.ResultPath);
        IReadOnlyList<ReportPicture> pictures = ValidationPictures.Draw(split.Eval, evaluation.Detections, numbers.Analysis!.Threshold, folder.PicturesPath, out string? sheet);
        HtmlReport.Save(DetectionReport.AddImages(report) with { Pictures = pictures }, folder.ReportPath);
        return result with { Result = numbers, PreviewPath = sheet };
    }
}
