using System.Diagnostics;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation;
using FocalSharp.Training.Inference;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>The part of <c>eval</c> that runs a model.</summary>
internal static class EvalModelCommand
{
    /// <summary>Runs the model on the data set and judges its detections.</summary>
    public static RunResult Judge(EvalRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        string model = request.Model!;
        RunFolder.FindWeights(model); // a missing model is told before a large data set is read
        (DetectionDataset dataset, string split) = Choose(DataSource.Open(request.Data!, ui, cancellation), request.Split);
        using LoadedModel loaded = LoadedModel.Load(model, request.Size);
        ClassMapping classes = new(loaded.Detector.Options.Classes, dataset.Classes);
        if (classes.Unknown.Count > 0)
        {
            ui.Warn($"The model does not know {string.Join(", ", classes.Unknown)}: their AP will be 0.");
        }

        ui.Quiet($"{loaded.Path} on {dataset.Images.Count} images of {dataset.Name}, {split}");
        long started = Stopwatch.GetTimestamp();
        ImagePredictor predictor = new(loaded.Detector, loaded.Rule);
        Detection[][] detections = [.. Steps.Show(ui, "judging", dataset.Images.Count, progress =>
            predictor.Predict(dataset.Images, progress: progress, cancellation: cancellation)).Select(classes.Apply)];
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (request.SaveResults is { } path)
        {
            CocoResults.From(dataset, detections).Write(path);
            ui.Quiet($"Detections: {path}");
        }

        return new RunResult
        {
            Metrics = CocoEvaluator.Evaluate(dataset, detections),
            Seconds = seconds,
            ImagesPerSecond = dataset.Images.Count / Math.Max(seconds, 1e-9),
            Command = request.CommandLine,
            Dataset = request.Data,
            Split = split,
            Weights = loaded.Path,
            More = EdgeNumbers(dataset, detections),
        };
    }

    private static (DetectionDataset Dataset, string Split) Choose(DetectionDataset dataset, string? wanted)
    {
        if (string.Equals(wanted, "all", StringComparison.Ordinal))
        {
            return (Labelled(dataset, "all"), "all");
        }

        DatasetSplit[] order = wanted is null ? [DatasetSplit.Test, DatasetSplit.Val] : [Enum.Parse<DatasetSplit>(wanted, ignoreCase: true)];
        foreach (DatasetSplit split in order)
        {
            DetectionDataset part = dataset.Select(split);
            if (part.ObjectCount > 0 || wanted is not null)
            {
                return (Labelled(part, split.ToString().ToLowerInvariant()), split.ToString().ToLowerInvariant());
            }
        }

        return (Labelled(dataset, "all"), "all");
    }

    private static DetectionDataset Labelled(DetectionDataset dataset, string split) => dataset.ObjectCount > 0
        ? dataset
        : throw new UserErrorException(
            $"{dataset.Name}: no labelled objects to judge by in split '{split}' ({dataset.Images.Count} images). Choose another with --split train|val|test|all.");

    private static IReadOnlyList<KeyValuePair<string, double>> EdgeNumbers(DetectionDataset dataset, Detection[][] detections)
    {
        IReadOnlyList<EdgeObservation> edges = EdgeUncertainty.Observe(dataset.Images, detections);
        KeyValuePair<string, double> error = new("spearman_deviation_error", EdgeUncertainty.SpearmanWithError(edges));
        return edges.Any(edge => edge.Blur is not null)
            ? [error, new("spearman_deviation_blur", EdgeUncertainty.SpearmanWithBlur(edges))]
            : [error];
    }
}
