using System.Diagnostics;
using System.Globalization;
using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Evaluation;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.IO;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Demo;
using FocalSharp.Training.Loading;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Reports;
using FocalSharp.Training.Trainers;
using FocalSharp.Training.Zoo;

namespace FocalSharp.Training.Runs;

/// <summary>One training from data to report: read, split, train, judge, save, draw.</summary>
public sealed class TrainingRun
{
    /// <summary>The data argument that stands for the drawn scenes.</summary>
    public const string Demo = "demo";

    private readonly TrainingRequest _request;
    private readonly ITrainingMonitor _monitor;

    private TrainingRun(TrainingRequest request, ITrainingMonitor monitor)
    {
        _request = request;
        _monitor = monitor;
    }

    /// <summary>Trains as asked.</summary>
    /// <param name="request">What to train on what, and how.</param>
    /// <param name="monitor">Told how it goes.</param>
    /// <param name="cancellation">Ends the training after the running step; what was learned is judged and kept all the same.</param>
    /// <exception cref="UserErrorException">Wrong data, recipe, weights or folder; nothing was lost.</exception>
    public static TrainingOutcome Execute(TrainingRequest request, ITrainingMonitor monitor, CancellationToken cancellation) =>
        new TrainingRun(request, monitor).Run(cancellation);

    private TrainingOutcome Run(CancellationToken cancellation)
    {
        string? weights = _request.Weights is { } named ? ModelZoo.Resolve(named) : null; // told before the data is read and a folder made
        DetectionDataset dataset = ReadData(cancellation);
        SplitChoice split = SplitChoice.Of(dataset);
        Recipe recipe = _request.Recipe with { Model = _request.Recipe.Model with { Classes = dataset.Classes } };
        DetectionDataset training = TrainingFilter.Apply(
            split.Train, new TrainingFilterOptions { FilterEmpty = recipe.DropEmptyImages, MinSize = recipe.MinImageSize });
        recipe = recipe.ForImages(training.Images.Count);
        TellData(dataset, split, training);
        if (training.Images.Count == 0)
        {
            throw new UserErrorException($"{dataset.Name}: no training image is left: all are empty or smaller than {recipe.MinImageSize} px.");
        }

        LibTorch.EnsureLoaded();
        RunFolder folder = _request.Out is { } path ? RunFolder.Create(path) : RunFolder.CreateNext(RunFolder.DefaultRoot, dataset.Name);
        AtomicFile.WriteText(folder.RecipePath, RecipeBook.Describe(recipe));
        using GflDetector model = new(recipe.Model, (ulong)_request.Options.Seed);
        LoadWeights(model, weights);
        SampleLoader loader = new(training, recipe, _request.Options.Seed);
        using Trainer trainer = new(model, recipe, loader, _request.Options);
        _monitor.Tell(
            $"Model: {recipe.Name}, {model.parameters().Sum(p => p.numel()) / 1e6:F1} M parameters, input {recipe.Input.ShortSide} px, "
            + $"{_request.Options.Precision.Resolve()} convolutions, seed {_request.Options.Seed}");
        _monitor.Tell($"Run: {folder.Path}");

        Stopwatch watch = Stopwatch.StartNew();
        using RunRecorder recorder = new(folder, recipe, split.Judge, _monitor);
        int epochs = trainer.Run(recorder, cancellation);
        RunRecorder.Judgement judgement = recorder.Finish(epochs, trainer);
        return Conclude(folder, recipe, split, recorder, judgement, epochs, watch.Elapsed.TotalSeconds);
    }

    private DetectionDataset ReadData(CancellationToken cancellation)
    {
        if (!string.Equals(_request.Data, Demo, StringComparison.Ordinal))
        {
            return DatasetReader.Read(_request.Data);
        }

        DirectProgress<DemoProgress> drawing = new(progress => _monitor.Progress("drawing scenes", progress.Done, progress.Total));
        return DemoDataset.Create(_request.DemoFolder, progress: drawing, cancellation: cancellation) with { Name = Demo };
    }

    private void TellData(DetectionDataset dataset, SplitChoice split, DetectionDataset training)
    {
        _monitor.Tell(
            $"Data: {dataset.Name}, {dataset.Classes.Count} classes ({string.Join(", ", dataset.Classes.Take(10))}{(dataset.Classes.Count > 10 ? ", …" : "")}); "
            + $"{training.Images.Count} images with {training.ObjectCount} objects to train on, {split.Judge.Images.Count} with {split.Judge.ObjectCount} to judge by; {split.Reason}");
        if (dataset.Problems.Count > 0)
        {
            _monitor.Warn(
                $"{dataset.Problems.Count} faults in the data, the first: {dataset.Problems[0].Message} (all of them: focalsharp data check {_request.Data})");
        }
    }

    private void LoadWeights(GflDetector model, string? weights)
    {
        if (weights is null)
        {
            return;
        }

        ImportReport report = CheckpointImporter.Load(model, Checkpoint.Read(weights));
        if (report.Loaded.Count == 0)
        {
            throw new UserErrorException(
                $"{_request.Weights}: none of its weights fits this model; choose the recipe that they were made by (--recipe), or train without --weights.");
        }

        _monitor.Tell($"Weights: {_request.Weights}: {report}");
    }

    private TrainingOutcome Conclude(
        RunFolder folder, Recipe recipe, SplitChoice split, RunRecorder recorder, RunRecorder.Judgement judgement, int epochs, double seconds)
    {
        IReadOnlyList<EdgeObservation> edges = EdgeUncertainty.Observe(split.Judge.Images, judgement.Detections);
        RunResult result = new()
        {
            Metrics = judgement.Metrics,
            Seconds = seconds,
            ImagesPerSecond = recorder.ImagesPerSecond,
            Seed = _request.Options.Seed,
            Command = _request.CommandLine,
            Dataset = _request.Data,
            Split = split.JudgeName,
            Weights = folder.LastWeightsPath,
            Epochs = epochs,
            Calibration = CalibrationReport.Of(split.Judge.Images, judgement.Detections),
        };
        result.Save(folder.ResultPath);
        IReadOnlyList<ReportPicture> pictures = ValidationPictures.Draw(split.Judge, judgement.Detections, folder.PicturesPath, out string? sheet);
        HtmlReport.Save(
            new TrainingReport
            {
                Title = folder.Name,
                Subtitle = $"{recipe.Name} on {split.Judge.Name}, {recipe.Input.ShortSide} px, {epochs} of {recipe.Epochs} epochs",
                Metrics = judgement.Metrics,
                JudgedOn = $"{split.Judge.Images.Count} images, {split.JudgeName} split",
                Facts =
                [
                    new("time", TimeSpan.FromSeconds(seconds).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)),
                    new("images per second", recorder.ImagesPerSecond.ToString("F1", CultureInfo.InvariantCulture)),
                ],
                Log = MetricsLog.Read(folder.MetricsPath),
                Pictures = pictures,
                Edges = edges,
                Calibration = result.Calibration,
                Settings = [.. RecipeBook.Flatten(recipe)],
                Command = _request.CommandLine,
                NextCommand = $"focalsharp predict {folder.LastWeightsPath} IMAGE",
                Version = typeof(TrainingRun).Assembly.GetName().Version?.ToString(3) ?? "",
            },
            folder.ReportPath);
        return new TrainingOutcome(folder, result, epochs, recipe.Epochs, sheet);
    }
}
