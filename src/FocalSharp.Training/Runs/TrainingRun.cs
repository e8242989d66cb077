using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Reporting;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Transfer;

namespace FocalSharp.Training.Runs;

/// <summary>One training from data to report: read, split, train, judge, save, draw.</summary>
public sealed class TrainingRun
{
    /// <summary>The data argument that stands for the drawn scenes.</summary>
    public const string DemoDataName = "demo";

    private readonly TrainingRequest _request;
    private readonly ITrainingMonitor _monitor;
    private readonly string _dataName;

    private TrainingRun(TrainingRequest request, ITrainingMonitor monitor)
    {
        _request = request;
        _monitor = monitor;
        _dataName = request.DataArgument ?? request.Data;
    }

    /// <summary>Trains as asked.</summary>
    /// <param name="request">What to train on what, and how.</param>
    /// <param name="monitor">Told how it goes.</param>
    /// <param name="cancellationToken">Ends the training after the running step; what was learned is judged and kept all the same.</param>
    /// <exception cref="FocalSharpException">Wrong data, recipe, weights or folder; nothing was lost.</exception>
    public static TrainingOutcome Execute(TrainingRequest request, ITrainingMonitor monitor, CancellationToken cancellationToken) =>
        new TrainingRun(request, monitor).Run(cancellationToken);

    private TrainingOutcome Run(CancellationToken cancellationToken)
    {
        RunClock clock = new(_request.TimeProvider);
        RunFolder? resumed = _request.ResumeFrom is { } path ? RunFolder.FindToResume(path) : null;
        using RunLock? resumedLock = resumed is null ? null : RunLock.Acquire(resumed);
        RunManifest? before = resumed is null ? null : RunManifest.Read(resumed);
        string? weights = resumed is null ? ResolveWeights() : null; // told before the data is read and a folder made
        using IDisposable native = LibTorch.Preload();
        (DetectionDataset dataset, TrainEvalSplit split) = ReadSplit(cancellationToken);
        Recipe recipe = _request.Recipe with { Model = _request.Recipe.Model with { Classes = dataset.Classes } };
        DetectionDataset training = TrainingFilter.Apply(
            split.Train, new TrainingFilterOptions { FilterEmpty = recipe.DropEmptyImages, MinSize = recipe.MinImageSize });
        recipe = recipe.WithEpochsForImages(training.Images.Count);
        LogData(dataset, split, training);
        if (training.Images.Count == 0)
        {
            throw new FocalSharpException($"{dataset.Name}: no training image is left: all are empty or smaller than {recipe.MinImageSize} px.");
        }

        if (InputSizeHint.Create(training, recipe) is { } hint)
        {
            _monitor.Info(hint);
        }

        LibTorch.EnsureLoaded();
        DatasetFingerprint manifest = DatasetFingerprint.Compute(training, split.Eval);
        RunCheckpoint? state = resumed is null ? null : FindCheckpoint(resumed, before!, manifest, recipe);
        using RunLock? ownLock = resumed is null ? RunLock.Acquire(CreateFolder(dataset, out resumed)) : null;
        RunFolder folder = resumed;
        weights = state is null ? weights ?? ResolveWeights() : null;
        if (before is null && recipe.AutoBatch)
        {
            // Before the trial, whose memory stays with the process where the system's heap gives nothing back, and would hide what images take.
            recipe = BatchSizeFinder.FindBatchSize(recipe, fitted => new SampleLoader(training, fitted, _request.Options.Seed), _request.Options, _monitor);
        }

        PretrainedProbe? trial = weights is null ? null : PretrainedProbe.Run(weights, training, recipe, _request.Options.Precision);
        if (before is null)
        {
            recipe = trial?.AdjustLearningRate(recipe) ?? recipe;
            before = WriteManifest(folder, recipe, manifest);
        }

        using GflDetector model = new(recipe.Model, (ulong)_request.Options.Seed);
        LoadWeights(model, weights, trial);

        SampleLoader loader = new(training, recipe, _request.Options.Seed, recipe.CacheFolder.Length > 0 ? recipe.CacheFolder : folder.CachePath);
        using Trainer trainer = new(model, recipe, loader, _request.Options);
        if (state is not null)
        {
            trainer.Restore(state.Trainer);
            trainer.Profiler.RestoreFrom(state.Progress.Phases);
        }

        LogModel(model, recipe, folder, trainer);
        double setup = clock.ElapsedSeconds;
        using RunController controller = new(folder, recipe, split.Eval, _monitor, clock, _request.ResumeFrom is null ? null : state?.Progress ?? new RunProgress());
        controller.MarkResumed(state is null ? 0 : trainer.NextStep);
        int epochs = Train(trainer, controller, folder, evaluatePretrained: trial is { AlreadyDetects: true }, cancellationToken);
        bool interrupted = epochs < trainer.TotalEpochs;
        TrainingOutcome outcome;
        try
        {
            RunController.EvaluationResult evaluation = controller.Finish(epochs, trainer, interrupted);
            outcome = WriteResults(folder, recipe, split, controller, evaluation, epochs, trainer, clock.ElapsedSeconds - setup);
        }
        catch (FocalSharpException exception)
        {
            throw WithResumeHint(exception, trainer, controller, folder);
        }

        if (!interrupted)
        {
            (before with { Finished = true }).Save(folder);
            RemoveCache(folder);
        }

        return outcome with { StopReason = controller.StopReason };
    }

    /// <summary>Trains; whatever ends it in between, the state of that moment is kept where it is whole.</summary>
    private static int Train(Trainer trainer, RunController controller, RunFolder folder, bool evaluatePretrained, CancellationToken cancellationToken)
    {
        try
        {
            if (evaluatePretrained)
            {
                controller.EvaluatePretrained(trainer);
            }

            int epochs = trainer.Run(controller, cancellationToken);
            if (epochs < trainer.TotalEpochs)
            {
                controller.SaveCheckpoint(trainer);
            }

            return epochs;
        }
        catch (FocalSharpException exception)
        {
            if (trainer.IsBetweenSteps && !controller.IsEndingEpoch && trainer.NextStep > 0)
            {
                controller.SaveCheckpoint(trainer);
            }

            throw WithResumeHint(exception, trainer, controller, folder);
        }
    }

    private static FocalSharpException WithResumeHint(FocalSharpException exception, Trainer trainer, RunController controller, RunFolder folder)
    {
        string retained = controller.SavedSteps == trainer.NextStep ? $"What was trained so far is kept ({trainer.NextStep} steps)."
            : controller.SavedSteps > 0 ? $"Of {trainer.NextStep} steps, {controller.SavedSteps} are kept."
            : $"No state of the {trainer.NextStep} steps could be kept, so that a resume starts over.";
        return new FocalSharpException(
            $"{exception.Message}\n{retained} Once the cause is mended, go on with: "
            + $"focalsharp train --resume {Path.GetRelativePath(Directory.GetCurrentDirectory(), folder.Path)}",
            exception);
    }

    /// <summary>Reads the data and deals it; what is wrong with data that a run began with is told as such.</summary>
    private (DetectionDataset Dataset, TrainEvalSplit Split) ReadSplit(CancellationToken cancellationToken)
    {
        DetectionDataset? dataset = null;
        try
        {
            dataset = ReadData(cancellationToken);
            return (dataset, TrainEvalSplit.Create(dataset));
        }
        catch (FocalSharpException exception)
        {
            string why = dataset is { Problems: [{ } first, ..] } ? $"{exception.Message} Reading found {dataset.Problems.Count} faults, the first: {first.Message}" : exception.Message;
            throw _request.ResumeFrom is null
                ? new FocalSharpException(why, exception)
                : new FocalSharpException(
                    $"{_request.Data}: is not the data that {_request.ResumeFrom} began with: {why}\nBring it back as it was and resume again. Nothing of the run was touched.", exception);
        }
    }

    /// <summary>The state to go on from, or null to start over, once data and settings are known to be those of the run.</summary>
    private RunCheckpoint? FindCheckpoint(RunFolder folder, RunManifest before, DatasetFingerprint manifest, Recipe recipe)
    {
        if (!before.Finished)
        {
            ResumeValidator.ValidateData(DatasetFingerprint.Read(folder.DatasetFingerprintPath), manifest, _request);
        }

        ResumeValidator.ValidateSettings(before, _request, recipe, _monitor);
        DirectoryAccess.RequireWritable(folder.Path);
        RunCheckpoint? state = new CheckpointStore(folder.CheckpointsPath).ReadNewest(_monitor.Warn);
        if (state is null)
        {
            _monitor.Info("Nothing was kept of this run yet: it starts from its beginning.");
        }

        return state;
    }

    private RunFolder CreateFolder(DetectionDataset dataset, out RunFolder folder) =>
        folder = _request.OutputFolder is { } path ? RunFolder.Create(path) : RunFolder.CreateNext(RunFolder.DefaultRoot, dataset.Name);

    /// <summary>Writes down what the run is, so that it can be resumed from its first moment; the record comes last.</summary>
    private RunManifest WriteManifest(RunFolder folder, Recipe recipe, DatasetFingerprint manifest)
    {
        AtomicFile.WriteText(folder.RecipePath, RecipeBook.Describe(recipe));
        manifest.Save(folder.DatasetFingerprintPath);
        RunManifest record = RunManifest.Create(_request, recipe);
        record.Save(folder);
        return record;
    }

    private void LogModel(GflDetector model, Recipe recipe, RunFolder folder, Trainer trainer)
    {
        _monitor.Info(
            $"Model: {recipe.Name}, {model.parameters().Sum(p => p.numel()) / 1e6:F1} M parameters, input {recipe.Input.ShortSide} px, "
            + $"{_request.Options.Precision.Resolve()} convolutions, seed {_request.Options.Seed}");
        if (recipe.Freeze.Count > 0)
        {
            _monitor.Info($"Frozen: {model.parameters().Where(p => !p.requires_grad).Sum(p => p.numel()) / 1e6:F1} M parameters ({string.Join(", ", recipe.Freeze)})");
        }

        if (recipe.Minutes > 0)
        {
            _monitor.Info($"Time: the schedule is fitted to {TimeSpan.FromMinutes(recipe.Minutes):h\\:mm\\:ss} in all");
        }

        _monitor.Info($"Run: {folder.Path}");
        if (_request.ResumeFrom is not null)
        {
            _monitor.Info($"Resumed after {trainer.NextStep} of {trainer.TotalSteps} steps");
        }
    }

    private static void RemoveCache(RunFolder folder)
    {
        try
        {
            if (Directory.Exists(folder.CachePath))
            {
                Directory.Delete(folder.CachePath, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Decoded images only: they may stay.
        }
    }

    private DetectionDataset ReadData(CancellationToken cancellationToken)
    {
        if (!string.Equals(_request.Data, DemoDataName, StringComparison.Ordinal))
        {
            return DatasetReader.Read(_request.Data);
        }

        SynchronousProgress<DemoProgress> drawing = new(progress => _monitor.Progress("drawing scenes", progress.Done, progress.Total));
        return DemoDataset.Create(_request.DemoFolder, progress: drawing, cancellationToken: cancellationToken) with { Name = DemoDataName };
    }

    private void LogData(DetectionDataset dataset, TrainEvalSplit split, DetectionDataset training)
    {
        _monitor.Info(
            $"Data: {dataset.Name}, {dataset.Classes.Count} classes ({string.Join(", ", dataset.Classes.Take(10))}{(dataset.Classes.Count > 10 ? ", …" : "")}); "
            + $"{training.Images.Count} images with {training.ObjectCount} objects to train on, {split.Eval.Images.Count} with {split.Eval.ObjectCount} to judge by; {split.Reason}");
        if (dataset.Problems.Count > 0)
        {
            _monitor.Warn(
                $"{dataset.Problems.Count} faults in the data, the first: {dataset.Problems[0].Message} (all of them: focalsharp data check {_request.Data})");
        }
    }

    private string? ResolveWeights() => _request.Weights is { } named ? ModelZoo.Resolve(named) : null;

    private void LoadWeights(GflDetector model, string? weights, PretrainedProbe? trial)
    {
        if (weights is null)
        {
            return;
        }

        ImportReport report = CheckpointImporter.Load(model, Checkpoint.Read(weights), trial?.InitialClassNames);
        if (report.Loaded.Count == 0)
        {
            throw new FocalSharpException(
                $"{_request.Weights}: none of its weights fits this model; choose the recipe that they were made by (--recipe), or train without --weights.");
        }

        _monitor.Info($"Weights: {_request.Weights}: {report}");
        if (trial is not null)
        {
            _monitor.Info($"Weights: {trial}");
        }
    }

    private TrainingOutcome WriteResults(
        RunFolder folder, Recipe recipe, TrainEvalSplit split, RunController controller, RunController.EvaluationResult evaluation, int epochs, Trainer trainer, double seconds)
    {
        TrainingReport report = DetectionReport.Create(folder.Name, split.Eval, evaluation.Detections, evaluation.Metrics) with
        {
            Subtitle = RunReport.FormatSubtitle(recipe.Name, split.Eval.Name, recipe.Input.ShortSide, epochs, weights: null),
            EvaluatedOn = RunReport.DescribeEvalSplit(split),
            TrainingObjectCounts = RunReport.CountTrainingObjects(split.Train),
            PretrainedAP = controller.PretrainedAP,
            Facts = RunReport.GetFacts(seconds, controller.ImagesPerSecond),
            Log = MetricsLog.Read(folder.MetricsPath),
            Phases = trainer.Profiler.Timings,
            Settings = [.. RecipeBook.Flatten(recipe)],
            Command = _request.CommandLine,
            NextCommand = RunReport.GetNextCommand(folder.LastWeightsPath),
        };
        RunResult result = new()
        {
            Metrics = evaluation.Metrics,
            Seconds = seconds,
            ImagesPerSecond = controller.ImagesPerSecond,
            Seed = _request.Options.Seed,
            Command = _request.CommandLine,
            Dataset = _dataName,
            Split = split.EvalName,
            Weights = folder.LastWeightsPath,
            Epochs = epochs,
            PretrainedAP = controller.PretrainedAP,
            Phases = trainer.Profiler.Timings,
            Calibration = report.Calibration,
            Analysis = report.Analysis,
        };
        result.Save(folder.ResultPath);
        IReadOnlyList<ReportPicture> pictures = ValidationPictures.Draw(split.Eval, evaluation.Detections, result.Analysis!.Threshold, folder.PicturesPath, out string? sheet);
        HtmlReport.Save(DetectionReport.AddImages(report) with { Pictures = pictures }, folder.ReportPath);
        return new TrainingOutcome(folder, result, epochs, trainer.TotalEpochs, sheet);
    }
}
