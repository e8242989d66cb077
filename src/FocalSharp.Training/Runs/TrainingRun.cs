using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.IO;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Demo;
using FocalSharp.Training.Loading;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Reports;
using FocalSharp.Training.Trainers;
using FocalSharp.Training.Transfer;
using FocalSharp.Training.Zoo;

namespace FocalSharp.Training.Runs;

/// <summary>One training from data to report: read, split, train, judge, save, draw.</summary>
public sealed class TrainingRun
{
    /// <summary>The data argument that stands for the drawn scenes.</summary>
    public const string Demo = "demo";

    private readonly TrainingRequest _request;
    private readonly ITrainingMonitor _monitor;
    private readonly string _dataName;

    private TrainingRun(TrainingRequest request, ITrainingMonitor monitor)
    {
        _request = request;
        _monitor = monitor;
        _dataName = request.DataAsTyped ?? request.Data;
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
        RunClock clock = new(_request.Time);
        RunFolder? resumed = _request.Resume is { } path ? RunFolder.FindToResume(path) : null;
        using RunLock? resumedLock = resumed is null ? null : RunLock.Take(resumed);
        RunRecord? before = resumed is null ? null : RunRecord.Read(resumed);
        string? weights = resumed is null ? ResolveWeights() : null; // told before the data is read and a folder made
        using IDisposable native = LibTorch.LoadAhead();
        (DetectionDataset dataset, SplitChoice split) = ReadSplit(cancellation);
        Recipe recipe = _request.Recipe with { Model = _request.Recipe.Model with { Classes = dataset.Classes } };
        DetectionDataset training = TrainingFilter.Apply(
            split.Train, new TrainingFilterOptions { FilterEmpty = recipe.DropEmptyImages, MinSize = recipe.MinImageSize });
        recipe = recipe.ForImages(training.Images.Count);
        TellData(dataset, split, training);
        if (training.Images.Count == 0)
        {
            throw new UserErrorException($"{dataset.Name}: no training image is left: all are empty or smaller than {recipe.MinImageSize} px.");
        }

        if (InputHint.Of(training, recipe) is { } hint)
        {
            _monitor.Tell(hint);
        }

        LibTorch.EnsureLoaded();
        DataManifest manifest = DataManifest.Of(training, split.Judge);
        RunState? state = resumed is null ? null : FindState(resumed, before!, manifest, recipe);
        using RunLock? ownLock = resumed is null ? RunLock.Take(CreateFolder(dataset, out resumed)) : null;
        RunFolder folder = resumed;
        weights = state is null ? weights ?? ResolveWeights() : null;
        if (before is null && recipe.AutoBatch)
        {
            // Before the trial, whose memory stays with the process where the system's heap gives nothing back, and would hide what images take.
            recipe = BatchSizeFit.Apply(recipe, fitted => new SampleLoader(training, fitted, _request.Options.Seed), _request.Options, _monitor);
        }

        WeightsTrial? trial = weights is null ? null : WeightsTrial.Of(weights, training, recipe, _request.Options.Precision);
        if (before is null)
        {
            recipe = trial?.Temper(recipe) ?? recipe;
            before = Begin(folder, recipe, manifest);
        }

        using GflDetector model = new(recipe.Model, (ulong)_request.Options.Seed);
        LoadWeights(model, weights, trial);

        SampleLoader loader = new(training, recipe, _request.Options.Seed, recipe.CacheFolder.Length > 0 ? recipe.CacheFolder : folder.CachePath);
        using Trainer trainer = new(model, recipe, loader, _request.Options);
        if (state is not null)
        {
            trainer.Restore(state.Trainer);
            trainer.Clock.TakeOver(state.Records.Stages);
        }

        TellModel(model, recipe, folder, trainer);
        double setup = clock.Elapsed;
        using RunRecorder recorder = new(folder, recipe, split.Judge, _monitor, clock, _request.Resume is null ? null : state?.Records ?? new RecordState());
        recorder.Resumed(state is null ? 0 : trainer.NextStep);
        int epochs = Train(trainer, recorder, folder, judgeUntrained: trial is { IsKnown: true }, cancellation);
        bool interrupted = epochs < trainer.TotalEpochs;
        TrainingOutcome outcome;
        try
        {
            RunRecorder.Judgement judgement = recorder.Finish(epochs, trainer, interrupted);
            outcome = Conclude(folder, recipe, split, recorder, judgement, epochs, trainer, clock.Elapsed - setup);
        }
        catch (UserErrorException exception)
        {
            throw WithWayOn(exception, trainer, recorder, folder);
        }

        if (!interrupted)
        {
            (before with { Finished = true }).Save(folder);
            RemoveCache(folder);
        }

        return outcome with { EndedBecause = recorder.EndedBecause };
    }

    /// <summary>Trains; whatever ends it in between, the state of that moment is kept where it is whole.</summary>
    private static int Train(Trainer trainer, RunRecorder recorder, RunFolder folder, bool judgeUntrained, CancellationToken cancellation)
    {
        try
        {
            if (judgeUntrained)
            {
                recorder.JudgeUntrained(trainer);
            }

            int epochs = trainer.Run(recorder, cancellation);
            if (epochs < trainer.TotalEpochs)
            {
                recorder.KeepState(trainer);
            }

            return epochs;
        }
        catch (UserErrorException exception)
        {
            if (trainer.IsAtRest && !recorder.IsClosingEpoch && trainer.NextStep > 0)
            {
                recorder.KeepState(trainer);
            }

            throw WithWayOn(exception, trainer, recorder, folder);
        }
    }

    private static UserErrorException WithWayOn(UserErrorException exception, Trainer trainer, RunRecorder recorder, RunFolder folder)
    {
        string kept = recorder.KeptSteps == trainer.NextStep ? $"What was trained so far is kept ({trainer.NextStep} steps)."
            : recorder.KeptSteps > 0 ? $"Of {trainer.NextStep} steps, {recorder.KeptSteps} are kept."
            : $"No state of the {trainer.NextStep} steps could be kept, so that a resume starts over.";
        return new UserErrorException(
            $"{exception.Message}\n{kept} Once the cause is mended, go on with: "
            + $"focalsharp train --resume {Path.GetRelativePath(Directory.GetCurrentDirectory(), folder.Path)}",
            exception);
    }

    /// <summary>Reads the data and deals it; what is wrong with data that a run began with is told as such.</summary>
    private (DetectionDataset Dataset, SplitChoice Split) ReadSplit(CancellationToken cancellation)
    {
        DetectionDataset? dataset = null;
        try
        {
            dataset = ReadData(cancellation);
            return (dataset, SplitChoice.Of(dataset));
        }
        catch (UserErrorException exception)
        {
            string why = dataset is { Problems: [{ } first, ..] } ? $"{exception.Message} Reading found {dataset.Problems.Count} faults, the first: {first.Message}" : exception.Message;
            throw _request.Resume is null
                ? new UserErrorException(why, exception)
                : new UserErrorException(
                    $"{_request.Data}: is not the data that {_request.Resume} began with: {why}\nBring it back as it was and resume again. Nothing of the run was touched.", exception);
        }
    }

    /// <summary>The state to go on from, or null to start over, once data and settings are known to be those of the run.</summary>
    private RunState? FindState(RunFolder folder, RunRecord before, DataManifest manifest, Recipe recipe)
    {
        if (!before.Finished)
        {
            ResumeCheck.Data(DataManifest.Read(folder.DataManifestPath), manifest, _request);
        }

        ResumeCheck.Settings(before, _request, recipe, _monitor);
        FolderProbe.RequireWritable(folder.Path);
        RunState? state = new StateStore(folder.StatePath).ReadNewest(_monitor.Warn);
        if (state is null)
        {
            _monitor.Tell("Nothing was kept of this run yet: it starts from its beginning.");
        }

        return state;
    }

    private RunFolder CreateFolder(DetectionDataset dataset, out RunFolder folder) =>
        folder = _request.Out is { } path ? RunFolder.Create(path) : RunFolder.CreateNext(RunFolder.DefaultRoot, dataset.Name);

    /// <summary>Writes down what the run is, so that it can be resumed from its first moment; the record comes last.</summary>
    private RunRecord Begin(RunFolder folder, Recipe recipe, DataManifest manifest)
    {
        AtomicFile.WriteText(folder.RecipePath, RecipeBook.Describe(recipe));
        manifest.Save(folder.DataManifestPath);
        RunRecord record = RunRecord.Of(_request, recipe);
        record.Save(folder);
        return record;
    }

    private void TellModel(GflDetector model, Recipe recipe, RunFolder folder, Trainer trainer)
    {
        _monitor.Tell(
            $"Model: {recipe.Name}, {model.parameters().Sum(p => p.numel()) / 1e6:F1} M parameters, input {recipe.Input.ShortSide} px, "
            + $"{_request.Options.Precision.Resolve()} convolutions, seed {_request.Options.Seed}");
        if (recipe.Freeze.Count > 0)
        {
            _monitor.Tell($"Frozen: {model.parameters().Where(p => !p.requires_grad).Sum(p => p.numel()) / 1e6:F1} M parameters ({string.Join(", ", recipe.Freeze)})");
        }

        if (recipe.Minutes > 0)
        {
            _monitor.Tell($"Time: the schedule is fitted to {TimeSpan.FromMinutes(recipe.Minutes):h\\:mm\\:ss} in all");
        }

        _monitor.Tell($"Run: {folder.Path}");
        if (_request.Resume is not null)
        {
            _monitor.Tell($"Resumed after {trainer.NextStep} of {trainer.TotalSteps} steps");
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

    private string? ResolveWeights() => _request.Weights is { } named ? ModelZoo.Resolve(named) : null;

    private void LoadWeights(GflDetector model, string? weights, WeightsTrial? trial)
    {
        if (weights is null)
        {
            return;
        }

        ImportReport report = CheckpointImporter.Load(model, Checkpoint.Read(weights), trial?.Names);
        if (report.Loaded.Count == 0)
        {
            throw new UserErrorException(
                $"{_request.Weights}: none of its weights fits this model; choose the recipe that they were made by (--recipe), or train without --weights.");
        }

        _monitor.Tell($"Weights: {_request.Weights}: {report}");
        if (trial is not null)
        {
            _monitor.Tell($"Weights: {trial}");
        }
    }

    private TrainingOutcome Conclude(
        RunFolder folder, Recipe recipe, SplitChoice split, RunRecorder recorder, RunRecorder.Judgement judgement, int epochs, Trainer trainer, double seconds)
    {
        TrainingReport report = DetectionReport.Of(folder.Name, split.Judge, judgement.Detections, judgement.Metrics) with
        {
            Subtitle = RunReport.Subtitle(recipe.Name, split.Judge.Name, recipe.Input.ShortSide, epochs, weights: null),
            JudgedOn = RunReport.JudgedOn(split),
            TrainedObjects = RunReport.TrainedObjects(split.Train),
            Untrained = recorder.Untrained,
            Facts = RunReport.Facts(seconds, recorder.ImagesPerSecond),
            Log = MetricsLog.Read(folder.MetricsPath),
            Stages = trainer.Clock.Times,
            Settings = [.. RecipeBook.Flatten(recipe)],
            Command = _request.CommandLine,
            NextCommand = RunReport.NextCommand(folder.LastWeightsPath),
        };
        RunResult result = new()
        {
            Metrics = judgement.Metrics,
            Seconds = seconds,
            ImagesPerSecond = recorder.ImagesPerSecond,
            Seed = _request.Options.Seed,
            Command = _request.CommandLine,
            Dataset = _dataName,
            Split = split.JudgeName,
            Weights = folder.LastWeightsPath,
            Epochs = epochs,
            Untrained = recorder.Untrained,
            Stages = trainer.Clock.Times,
            Calibration = report.Calibration,
            Analysis = report.Analysis,
        };
        result.Save(folder.ResultPath);
        IReadOnlyList<ReportPicture> pictures = ValidationPictures.Draw(split.Judge, judgement.Detections, result.Analysis!.Threshold, folder.PicturesPath, out string? sheet);
        HtmlReport.Save(DetectionReport.Illustrate(report) with { Pictures = pictures }, folder.ReportPath);
        return new TrainingOutcome(folder, result, epochs, trainer.TotalEpochs, sheet);
    }
}
