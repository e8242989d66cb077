using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Distillation;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tuning;

namespace FocalSharp.Training.Runs;

/// <summary>A training run from data to report. <see cref="TrainingLoop"/> trains; this class prepares the run and writes its results.</summary>
public sealed class TrainingRun
{
    private readonly TrainingRequest _request;
    private readonly TrainingEvents _events;
    private readonly ICollective _ranks;

    // A resumed run whose checkpoint holds everything does not need the file any more.
    private readonly Lazy<string?> _pretrained;

    private TrainingRun(TrainingRequest request, IProgress<TrainingProgress>? progress, ICollective ranks)
    {
        _ranks = ranks;
        _request = request;
        _pretrained = new(() => request.Weights is { } named ? ModelZoo.Resolve(named) : null);
        _events = ranks.Rank == 0
            ? new TrainingEvents(progress, request.Callbacks)
            : new TrainingEvents(progress is null ? null : new RankProgress(ranks.Rank, ranks.Size, progress), []);
    }

    /// <summary>Trains a detector: reads and splits the data, trains, evaluates, and writes weights, metrics and a report into a folder.</summary>
    /// <param name="request">What to train, on which data, and how.</param>
    /// <param name="progress">Receives the events of the run, or null.</param>
    /// <param name="cancellationToken">
    /// Stops the run. During training, it stops after the current step, and the weights are evaluated and saved. During an evaluation, the
    /// evaluation is canceled and the weights are saved. Both return a result with <see cref="TrainingResult.Interrupted"/> set, and the run
    /// can be resumed.
    /// </param>
    /// <returns>How the run ended.</returns>
    /// <exception cref="ArgumentException">The request is incomplete.</exception>
    /// <exception cref="FocalSharpException">The data, recipe, weights or folder cannot be used, or training cannot continue.</exception>
    /// <exception cref="OperationCanceledException">The run was canceled before its training started.</exception>
    public static Task<TrainingResult> RunAsync(
        TrainingRequest request, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        return Task.Factory.StartNew(
            () => Run(request, progress, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Trains a detector on the calling thread.</summary>
    internal static TrainingResult Run(TrainingRequest request, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        request.Validate();
        if (request.Ranks is { } given)
        {
            return new TrainingRun(request, progress, given).RunOnRanks(cancellationToken);
        }

        using ICollective started = Collective.FromEnvironment(request.Options.RankTimeout);
        return new TrainingRun(request, progress, started).RunOnRanks(cancellationToken);
    }

    /// <summary>Runs, and ends all ranks together: with the same exception, or all at once if only this one cannot continue.</summary>
    private TrainingResult RunOnRanks(CancellationToken cancellationToken)
    {
        try
        {
            TrainingResult result = Run(cancellationToken);
            _ranks.Barrier();
            return result;
        }
        catch (Exception exception) when (_ranks.Size > 1)
        {
            if (CollectiveExtensions.IsOfAllRanks(exception))
            {
                _ranks.Barrier(); // rank 0 has saved a checkpoint
                throw;
            }

            if (exception is not OperationCanceledException)
            {
                Console.Error.WriteLine(
                    $"Error: rank {_ranks.Rank} of {_ranks.Size} on {Environment.MachineName}: {exception.Message}\nAll ranks end; resume the run from its last checkpoint.");
            }

            _ranks.Abort();
            throw;
        }
    }

    private TrainingResult Run(CancellationToken cancellationToken)
    {
        RunClock clock = new(_request.TimeProvider);
        RunMessages messages = new(_request, _events);
        bool isFirst = _ranks.Rank == 0;
        RunFolder? resumed = _ranks.RunTogether(() => _request.ResumeFrom is { } path ? RunFolder.FindToResume(path) : null);
        using RunLock? resumedLock = _ranks.RunTogether(() => resumed is null || !isFirst ? null : RunLock.Acquire(resumed));
        RunManifest? manifest = _ranks.RunTogether(() => resumed is null ? null : RunManifest.Read(resumed));
        if (resumed is null)
        {
            _ = _ranks.RunTogether(() => _pretrained.Value); // before the data is read and a folder created
            _ = _ranks.RunTogether(() => _request.Teacher is { } asked ? ModelZoo.Resolve(asked) : null);
        }

        using IDisposable native = LibTorch.Preload();
        (DetectionDataset dataset, TrainEvalSplit split) = _ranks.RunTogether(() => RunData.ReadSplit(_request, _events));
        Recipe recipe = _request.Recipe with { Model = _request.Recipe.Model with { Classes = dataset.Classes } };
        DetectionDataset training = TrainingFilter.Apply(
            RunData.AddPseudoLabels(split.Train, recipe, _request, _events, _ranks, cancellationToken), new TrainingFilterOptions { FilterEmpty = recipe.DropEmptyImages, MinSize = recipe.MinImageSize });
        bool tune = recipe.Tuning.IsEnabled && _pretrained.Value is { } named && RecipeSelector.IsDetector(named);
        if (!tune)
        {
            recipe = recipe.WithEpochsForImages(training.Images.Count).WithoutTuning();
        }

        messages.ReportData(dataset, split, training, recipe, tune);

        BadImages badTraining = new(recipe.OnBadImage, training.Images.Count, "training");
        BadImages badEvaluation = new(recipe.OnBadImage, split.Eval.Images.Count, "evaluation");

        LibTorch.EnsureLoaded();
        using AdaptiveThreads threads = new(_events, _request.Options);
        DatasetFingerprint fingerprint = DatasetFingerprint.Compute(training, split.Eval);
        RankComparison.Require(_ranks, _request, recipe, fingerprint);
        RequireBatchForAllRanks(recipe);
        RunCheckpoint? checkpoint = CheckpointMessage.Share(
            _ranks, _ranks.RunTogether(() => resumed is null || !isFirst ? null : FindCheckpoint(resumed, manifest!, fingerprint, recipe)));
        using RunLock? ownLock = _ranks.RunTogether(() => resumed is null && isFirst ? RunLock.Acquire(CreateFolder(dataset, out resumed)) : null);
        RunFolder folder = RunFolder.FromPath(_ranks.BroadcastText(resumed?.Path ?? ""));
        if (manifest is null && recipe.AutoBatch)
        {
            // Before tuning: its memory may stay with the process and would hide what an image takes.
            recipe = BatchSizeFinder.FindBatchSize(recipe, fitted => new SampleLoader(training, fitted, _request.Options.Seed, null, badTraining, _events.Warn, _ranks), _request.Options, _events, _ranks);
        }

        manifest ??= WriteManifest(folder, recipe, fingerprint);
        Checkpoint? weights = ReadPretrained(training, recipe, badTraining, resumes: checkpoint is not null);
        if (tune)
        {
            (recipe, manifest) = TuneOnFirst(recipe, training, weights!, folder, fingerprint, new TrialEnvironment(_request.Options, threads, badTraining, _events, _pretrained.Value), cancellationToken);
        }

        using GflDetector model = new(recipe.Model, (ulong)_request.Options.Seed);
        if (checkpoint is null && weights is not null)
        {
            LoadWeights(model, weights, recipe);
        }

        SampleLoader loader = new(
            training,
            recipe,
            _request.Options.Seed,
            recipe.CacheFolder.Length > 0 ? recipe.CacheFolder : isFirst ? folder.CachePath : GetRankCache(folder),
            badTraining,
            _events.Warn,
            _ranks);
        using Distiller? distiller = _ranks.RunTogether(
            () => _request.Teacher is { } teacher ? Distiller.Load(teacher, recipe, _request.Options)
                : _pretrained.Value is { } path ? Distiller.LoadPretrained(path, recipe, _request.Options) : null);
        using Trainer trainer = new(model, recipe, loader.StepsPerEpoch, _request.Options, _ranks, distiller);
        if (checkpoint is not null)
        {
            trainer.Restore(checkpoint);
        }

        ModelBroadcast.Apply(trainer);

        messages.ReportModel(model, recipe, folder, trainer);
        double setup = clock.ElapsedSeconds;
        RunCheckpoint? start = _request.ResumeFrom is null ? null : checkpoint ?? new RunCheckpoint();
        using RunWriter? writer = !isFirst ? null : new(folder, recipe, split.Eval.Name, _request.Metrics.Select(metric => metric.Name), _events, start);
        TrainingLoop loop = new(
            recipe,
            trainer,
            loader,
            new Evaluator(split.Eval, recipe.Input.ResizeRule, _request.Metrics, recipe.DecodeOptions, badEvaluation, _events.Warn, _ranks, _request.OnEvaluated),
            writer,
            _events,
            clock,
            threads,
            _request.Options.LoaderWorkers,
            start);
        TrainingResult result;
        try
        {
            double share = recipe.Transfer.PretrainedShare;
            TrainingLoopResult end = loop.Run(
                evaluatePretrained: share > 0 && checkpoint is null, share > 0 && _request.Weights is not null ? Average : null, cancellationToken);
            result = new TrainingResult
            {
                Folder = folder,
                Epochs = end.Epochs,
                PlannedEpochs = end.PlannedEpochs,
                Interrupted = end.Interrupted,
                StopReason = end.StopReason,
            };
            badTraining.Share(_ranks);
            if (end.Evaluation is not null && isFirst)
            {
                TrainEvalSplit evaluated = split with { Eval = end.Evaluation.Dataset };
                string[] skipped = [.. badTraining.Paths.Concat(badEvaluation.Paths).Select(Path.GetFullPath)];
                result = TrainingResultFiles.Write(_request, result, recipe, evaluated, loop, end.Evaluation, trainer, clock.ElapsedSeconds - setup, skipped);
                if (skipped.Length > 0)
                {
                    _events.Warn("images_skipped", $"{skipped.Length} images could not be read and were skipped: {string.Join(", ", skipped.Take(5))}{(skipped.Length > 5 ? ", …" : "")}");
                }
            }
        }
        catch (FocalSharpException exception)
        {
            throw WithSavedSteps(exception, trainer, writer, folder);
        }

        if (!result.Interrupted && isFirst)
        {
            (manifest with { Finished = true }).Save(folder);
            RemoveCache(folder.CachePath);
        }
        else if (!result.Interrupted)
        {
            RemoveCache(GetRankCache(folder));
        }

        return result;

        void Average(GflDetector trained) => PretrainedAverage.Apply(
            trained, weights!, recipe.Transfer.GetInitialClassNames(recipe.Model.Classes), recipe.Transfer.PretrainedShare);
    }

    // A file system may be shared by the ranks.
    private string GetRankCache(RunFolder folder) => $"{folder.CachePath}-{_ranks.Rank}";

    private void RequireBatchForAllRanks(Recipe recipe)
    {
        if (recipe.BatchSize < _ranks.Size)
        {
            throw CollectiveExtensions.OfAllRanks(new TrainingException(
                $"A batch of {recipe.BatchSize} images cannot be shared by {_ranks.Size} ranks. Set batchSize to at least {_ranks.Size}, or start fewer ranks."));
        }
    }

    /// <summary>Tunes on rank 0; the others wait and take over its recipe.</summary>
    private (Recipe Recipe, RunManifest Manifest) TuneOnFirst(
        Recipe recipe, DetectionDataset training, Checkpoint pretrained, RunFolder folder, DatasetFingerprint fingerprint, TrialEnvironment environment, CancellationToken cancellationToken)
    {
        RunManifest? manifest = null;
        recipe = _ranks.RunOnFirst(
            () =>
            {
                (Recipe tuned, manifest) = Tune(recipe, training, pretrained, folder, fingerprint, environment, cancellationToken);
                return tuned;
            },
            tuned => string.Join('\n', RecipeBook.Flatten(tuned).Where(entry => entry.Value.Length > 0).Select(entry => $"{entry.Key}={entry.Value}")),
            text => text.Split('\n').Except(RecipeBook.Flatten(recipe).Select(entry => $"{entry.Key}={entry.Value}")).Aggregate(recipe, RecipeBook.Set));
        return (recipe, manifest ?? RunManifest.Create(_request, recipe));
    }

    /// <summary>Chooses settings by measurements, and makes them the run's own.</summary>
    private (Recipe Recipe, RunManifest Manifest) Tune(
        Recipe recipe, DetectionDataset training, Checkpoint pretrained, RunFolder folder, DatasetFingerprint fingerprint, TrialEnvironment environment, CancellationToken cancellationToken)
    {
        int size = recipe.Input.ShortSide;
        recipe = _request.Teacher is null ? recipe : recipe with { Tuning = recipe.Tuning with { DistillationRateFactors = [] } };
        (recipe, TuningResult measured) = RecipeTuner.Run(recipe, training, pretrained, environment, cancellationToken);
        measured.Save(folder);
        recipe = recipe.WithEpochsForImages(training.Images.Count);
        if (recipe.AutoBatch && recipe.Input.ShortSide != size)
        {
            recipe = BatchSizeFinder.FindBatchSize(
                recipe, fitted => new SampleLoader(training, fitted, _request.Options.Seed, null, environment.BadImages, _events.Warn), _request.Options, _events, SingleProcessCollective.Instance);
        }

        return (recipe, WriteManifest(folder, recipe, fingerprint));
    }

    private static TrainingException WithSavedSteps(FocalSharpException exception, Trainer trainer, RunWriter? writer, RunFolder folder)
    {
        string saved = writer is null ? "" : writer.SavedSteps == trainer.NextStep ? $"All {trainer.NextStep} steps are saved."
            : writer.SavedSteps > 0 ? $"{writer.SavedSteps} of {trainer.NextStep} steps are saved."
            : $"None of the {trainer.NextStep} steps is saved, so a resumed run starts over.";
        return new TrainingException($"{exception.Message}\n{saved} Fix the cause, then resume the run.", exception)
        {
            RunFolder = folder.Path,
            BadStepPath = (exception as TrainingException)?.BadStepPath,
        };
    }

    /// <summary>Finds the checkpoint to continue from, or null to start over, after checking that data and settings are those of the run.</summary>
    private RunCheckpoint? FindCheckpoint(RunFolder folder, RunManifest manifest, DatasetFingerprint fingerprint, Recipe recipe)
    {
        if (!manifest.Finished)
        {
            ResumeValidator.ValidateData(DatasetFingerprint.Read(folder.DatasetFingerprintPath), fingerprint, _request);
        }

        ResumeValidator.ValidateSettings(manifest, _request, recipe, _events);
        DirectoryAccess.RequireWritable(folder.Path);
        RunCheckpoint? checkpoint = new CheckpointStore(folder.CheckpointsPath).ReadNewest(_events.Warn);
        if (checkpoint is null)
        {
            _events.Report(TrainingEvent.Resumed, "The run has no checkpoint yet and starts over.");
        }

        return checkpoint;
    }

    private RunFolder CreateFolder(DetectionDataset dataset, out RunFolder folder) =>
        folder = _request.OutputFolder is { } path ? RunFolder.Create(path) : RunFolder.CreateNext(RunFolder.DefaultRoot, dataset.Name);

    /// <summary>Writes what the run is, so that it can be resumed from its first moment; the manifest comes last.</summary>
    private RunManifest WriteManifest(RunFolder folder, Recipe recipe, DatasetFingerprint fingerprint)
    {
        RunManifest manifest = RunManifest.Create(_request, recipe);
        if (_ranks.Rank == 0)
        {
            RunLabels.Save(_request, folder);
            AtomicFile.WriteText(folder.RecipePath, RecipeBook.Describe(recipe));
            fingerprint.Save(folder.DatasetFingerprintPath);
            manifest.Save(folder);
        }

        return manifest;
    }

    private static void RemoveCache(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It contains only decoded images, so it may stay.
        }
    }

    // A resumed run needs the weights only to average them with its own at the end.
    private Checkpoint? ReadPretrained(DetectionDataset training, Recipe recipe, BadImages badImages, bool resumes) =>
        (resumes && recipe.Transfer.PretrainedShare == 0) || _pretrained.Value is not { } path
            ? null
            : FoldedNormCalibration.Read(
                path,
                training,
                recipe.DecodeOptions with { OnUnreadable = badImages.Skip },
                message => _events.Report(TrainingEvent.WeightsLoaded, message));

    private void LoadWeights(GflDetector model, Checkpoint pretrained, Recipe recipe)
    {
        ImportReport report = CheckpointImporter.WithPath(
            _request.Weights!, () => CheckpointImporter.Load(model, pretrained, recipe.Transfer.GetInitialClassNames(recipe.Model.Classes)));
        if (report.Loaded.Count == 0)
        {
            throw new ModelException(
                $"{_request.Weights}: no tensor in the file matches this model. Use the recipe that the weights were trained with, or train without weights.");
        }

        _events.Report(
            TrainingEvent.WeightsLoaded,
            $"Weights: {_request.Weights}: {report}",
            _request.Weights,
            ("weights", _request.Weights),
            ("loaded_tensors", report.Loaded.Count));
    }
}
