using System.Diagnostics;
using System.Runtime.InteropServices;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Reporting;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Data;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Loop;

/// <summary>
/// The training loop, from top to bottom: an epoch takes batches and steps, then evaluates, saves a checkpoint and decides what is next.
/// <see cref="TrainingStep"/> runs forward, losses, backward and optimizer, <see cref="RunPolicy"/> makes the decisions,
/// <see cref="RunWriter"/> writes the files, <see cref="Trainer"/> holds what is trained.
/// </summary>
internal sealed class TrainingLoop
{
    private readonly Recipe _recipe;
    private readonly Trainer _trainer;
    private readonly SampleLoader _loader;
    private readonly Evaluator _evaluator;
    private readonly TrainingStep _step;
    private readonly RunPolicy _policy;
    private readonly RunWriter? _writer; // rank 0 writes
    private readonly ICollective _ranks;
    private readonly RankProfiler _rankProfiler;
    private readonly TrainingEvents _events;
    private readonly RunClock _clock;
    private readonly AdaptiveThreads? _threads;
    private readonly int _loaderWorkers;
    private readonly List<StepMetrics> _epochSteps = [];
    private RunPolicyState _state;
    private EvaluationResult? _evaluation; // on rank 0
    private int _evaluatedSteps = -1;
    private long _images;
    private double _stepSeconds;
    private int _badSteps;
    private bool _isEndingEpoch;
    private CancellationTokenSource? _stop;
    private string? _stopReason;

    /// <summary>Initializes a loop.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="trainer">What is trained; restored if the run is resumed.</param>
    /// <param name="loader">The batches.</param>
    /// <param name="evaluator">The evaluation.</param>
    /// <param name="writer">The files; null on ranks other than 0.</param>
    /// <param name="events">Receives the events.</param>
    /// <param name="clock">The run's clock.</param>
    /// <param name="threads">The number of libtorch's threads; null to leave it alone.</param>
    /// <param name="loaderWorkers">Threads that prepare batches.</param>
    /// <param name="resumed">The checkpoint that the run continues from, or null.</param>
    public TrainingLoop(
        Recipe recipe,
        Trainer trainer,
        SampleLoader loader,
        Evaluator evaluator,
        RunWriter? writer,
        TrainingEvents events,
        RunClock clock,
        AdaptiveThreads? threads = null,
        int loaderWorkers = 1,
        RunCheckpoint? resumed = null)
    {
        (_recipe, _trainer, _loader, _evaluator, _writer, _events) = (recipe, trainer, loader, evaluator, writer, events);
        (_ranks, _rankProfiler) = (trainer.Ranks, new RankProfiler(trainer.Ranks, trainer.Gradients));
        (_clock, _threads, _loaderWorkers, _policy, _step) = (clock, threads, loaderWorkers, new RunPolicy(recipe), new TrainingStep(trainer));
        resumed ??= new RunCheckpoint();
        clock.PreviousSeconds += resumed.ElapsedSeconds;
        (_images, _stepSeconds, _badSteps) = (resumed.Images, resumed.StepSeconds, resumed.BadSteps);
        _epochSteps.AddRange(resumed.Steps);
        double now = Now();
        _state = new RunPolicyState
        {
            BestAP = resumed.BestAP,
            PretrainedAP = resumed.PretrainedAP,
            EvaluationsSinceBest = resumed.EvaluationsSinceBest,
            EvaluationSeconds = resumed.EvaluationSeconds,
            TimeBudget = new TimeBudget(recipe, evaluator.Dataset.Images.Count),
            CheckpointedAt = now,
            EvaluatedAt = now,
            SteppedAt = now,
        };
    }

    /// <summary>Gets the AP before training, or null if the initial weights were not evaluated.</summary>
    public double? PretrainedAP => _state.PretrainedAP;

    /// <summary>Gets the training speed over the run, evaluations excluded.</summary>
    public double ImagesPerSecond => _stepSeconds > 0 ? _images / _stepSeconds : 0;

    /// <summary>Gets where the time of each rank's steps went, once the run has ended; empty in a single process.</summary>
    public IReadOnlyList<RankTimings> RankTimings { get; private set; } = [];

    /// <summary>Trains to the end of the run and evaluates.</summary>
    /// <param name="evaluatePretrained">Whether to evaluate the initial weights first.</param>
    /// <param name="finish">Changes the weights after the last step, before the final evaluation; null for no change.</param>
    /// <param name="cancellationToken">
    /// During training, ends it after the current step; the weights are evaluated and saved. During an evaluation, ends the evaluation.
    /// </param>
    /// <exception cref="FocalSharpException">Training cannot continue. If possible, a checkpoint was saved.</exception>
    public TrainingLoopResult Run(bool evaluatePretrained, Action<GflDetector>? finish, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stop = stop;
        return RunToEnd(evaluatePretrained, finish, stop.Token);
    }

    private TrainingLoopResult RunToEnd(bool evaluatePretrained, Action<GflDetector>? finish, CancellationToken cancellationToken)
    {
        try
        {
            if (evaluatePretrained)
            {
                _trainer.Profiler.Start();
                _events.Report(TrainingEvent.PretrainedEvaluationStarted, "Evaluating the weights before training");
                Evaluate(EvaluationKind.Pretrained, epoch: 0, cancellationToken);
            }

            _events.Start(_trainer.Position);
            _trainer.Profiler.Start();
            while (_trainer.CompletedEpochs < _trainer.TotalEpochs && RunEpoch(_trainer.CompletedEpochs, cancellationToken))
            {
                _trainer.Profiler.Lap(StepPhase.Logging);
            }

            bool interrupted = _trainer.CompletedEpochs < _trainer.TotalEpochs;
            if (interrupted)
            {
                SaveCheckpoint();
            }
            else if (finish is not null)
            {
                finish(_trainer.EvaluationModel);
                (_evaluation, _evaluatedSteps) = (null, -1); // of the weights before
            }

            EvaluateAtEnd(interrupted, cancellationToken);
            RankTimings = _rankProfiler.Gather();
            return CreateResult(interrupted, _evaluation);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || _ranks.Size > 1)
        {
            // The checkpoint from before the evaluation is the one to resume from: it repeats the evaluation.
            _writer?.SaveLastWeights(_trainer.EvaluationModel, _trainer.CompletedEpochs);
            _events.Report(
                TrainingEvent.EvaluationCanceled, "The evaluation was canceled before it was finished. The weights are saved; resuming the run repeats the evaluation.");
            return CreateResult(interrupted: true, evaluation: null);
        }
        catch (FocalSharpException)
        {
            if (_writer is not null && _trainer.IsBetweenSteps && !_isEndingEpoch && _trainer.NextStep > _writer.SavedSteps)
            {
                WriteCheckpoint(); // exchanges nothing: another rank may have failed
            }

            throw;
        }
    }

    /// <summary>Takes an epoch's remaining steps, then ends the epoch. A resumed epoch may have no steps left.</summary>
    /// <returns>False if canceled.</returns>
    private bool RunEpoch(int epoch, CancellationToken cancellationToken)
    {
        int done = _trainer.NextStep - (epoch * _trainer.StepsPerEpoch);
        if (done == 0)
        {
            _trainer.MosaicClosed = _trainer.Schedule.Rescale is null
                ? _loader.IsMosaicClosed(epoch)
                : _trainer.Schedule.GetProgress(_trainer.NextStep) >= 1 - _recipe.CloseMosaicFraction;
        }

        if (done < _trainer.StepsPerEpoch)
        {
            _trainer.SetTrainMode();
            using IEnumerator<TrainingBatch> batches =
                _loader.LoadEpoch(epoch, _loaderWorkers, done * _recipe.Accumulate, _trainer.MosaicClosed).GetEnumerator();
            for (; done < _trainer.StepsPerEpoch && _trainer.NextStep < _trainer.TotalSteps; done++)
            {
                if (_ranks.Size == 1 && cancellationToken.IsCancellationRequested)
                {
                    return false;
                }

                long started = Stopwatch.GetTimestamp();
                _rankProfiler.BeginStep();
                (IReadOnlyList<TrainingBatch> group, bool canceled) = TakeBatches(batches, cancellationToken);
                if (canceled)
                {
                    _stop!.Cancel(); // only one rank may have been asked to stop
                    return false;
                }

                double waited = Stopwatch.GetElapsedTime(started).TotalSeconds;
                _trainer.Profiler.Lap(StepPhase.LoaderWait);

                StepOutcome outcome = _step.Take(group, epoch);
                _rankProfiler.EndStep();
                StepMetrics step = outcome.BadStep is { } kind ? SkipBadStep(kind, outcome.Metrics, BatchMessage.Share(_ranks, outcome.Batch, outcome.Rank)) : outcome.Metrics;
                _trainer.NextStep++;
                EndStep(step with { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, WaitSeconds = waited });
            }

            if (_ranks.Max(cancellationToken.IsCancellationRequested ? 1 : 0) > 0)
            {
                _stop!.Cancel();
                return false;
            }
        }

        _trainer.CompletedEpochs++;
        EndEpoch(cancellationToken);
        return true;
    }

    private (IReadOnlyList<TrainingBatch> Group, bool Canceled) TakeBatches(IEnumerator<TrainingBatch> batches, CancellationToken cancellationToken)
    {
        List<TrainingBatch> group = new(_recipe.Accumulate);
        FocalSharpException? failure = null;
        try
        {
            while (group.Count < _recipe.Accumulate && batches.MoveNext())
            {
                group.Add(batches.Current);
            }
        }
        catch (FocalSharpException exception) when (_ranks.Size > 1)
        {
            failure = exception;
        }

        return _ranks.Size == 1 ? (group, false)
            : StepAgreement.Reach(_ranks, group, failure, cancellationToken.IsCancellationRequested, _recipe.Accumulate);
    }

    /// <summary>Returns the seconds of the run on rank 0, by which all ranks decide.</summary>
    private double Now() => _ranks.Broadcast(_clock.ElapsedSeconds);

    /// <summary>Undoes and diagnoses a bad step; then skips it or stops the run.</summary>
    /// <exception cref="TrainingException">The run stops.</exception>
    private StepMetrics SkipBadStep(BadStepKind kind, StepMetrics step, TrainingBatch batch)
    {
        _trainer.BatchNormStatistics.Restore();
        BadStepReport report = BadStepDiagnosis.Diagnose(_trainer.Model, batch);
        _trainer.BatchNormStatistics.Restore();
        _trainer.Optimizer.ZeroGrad();
        string[] names = [.. batch.Sources.Select(sources => string.Join(" + ", sources.Select(_loader.GetFileName)))];
        BadStep badStep = new(
            kind, step, _trainer.LossGuard.AverageLoss, batch, names, report, report.Describe(names, _trainer.Model.Options.Classes));

        BadStepDecision decision = _policy.AfterBadStep(_badSteps, _trainer.ConsecutiveBadSteps + 1);
        string? saved = decision.SaveBatch ? _writer?.SaveBadStep(_trainer.Model, badStep) : null;
        _badSteps++;
        if (decision.Stop)
        {
            TrainingException stopped = new(badStep.FormatStop(_recipe.LossGuard.OnBadStep, _trainer.ConsecutiveBadSteps + 1, saved)) { BadStepPath = saved };
            throw CollectiveExtensions.OfAllRanks(stopped);
        }

        _events.Report(
            TrainingEvent.BadStepSkipped,
            $"{badStep.Summary}; the step is skipped, the weights are unchanged.\n  {badStep.Cause}" + (saved is null ? "" : $"\n  The batch is saved: {saved}"),
            saved,
            ("step", step.Step),
            ("kind", badStep.Kind.ToString()),
            ("consecutive", _trainer.ConsecutiveBadSteps + 1));
        _trainer.ConsecutiveBadSteps++;
        return step with { Images = batch.Count, Skipped = true };
    }

    /// <summary>Records a step, and does what the policy decides: rescale the schedule, save a checkpoint.</summary>
    private void EndStep(StepMetrics step)
    {
        _epochSteps.Add(step);
        _images += step.Images;
        _stepSeconds += step.Seconds;
        _events.CompleteStep(step, _trainer.Model);
        _threads?.AfterStep(step.Seconds);
        double[] times = [step.Seconds, _clock.ElapsedSeconds];
        _ranks.Broadcast(MemoryMarshal.AsBytes(times.AsSpan()), 0);
        (_state, StepDecision decision) = _policy.AfterStep(_state, _trainer.Position, times[0], times[1]);
        if (decision.RescaledSteps is { } steps)
        {
            _trainer.RescaleTo(steps);
            _events.Rescale(_trainer.Position, _state.TimeBudget.MaxSteps);
        }

        if (decision.SaveCheckpoint)
        {
            SaveCheckpoint();
        }

        _trainer.Profiler.CountStep(step.Images);
        _trainer.Profiler.Lap(StepPhase.Logging);
    }

    /// <summary>Records an epoch; saves its weights and a checkpoint, evaluates, and stops if the weights no longer improve, as the policy decides.</summary>
    private void EndEpoch(CancellationToken cancellationToken)
    {
        _isEndingEpoch = true; // a checkpoint taken from here to the end would miss records of the epoch
        double now = Now();
        bool evaluate = _policy.ShouldEvaluate(_state, _trainer.Position, now);
        EpochSummary summary = EpochSummary.Create(_epochSteps);
        _epochSteps.Clear();
        _writer?.WriteEpoch(summary);
        _events.ReportEpoch(summary);
        _trainer.Profiler.Lap(StepPhase.Logging);
        ModelBroadcast.Apply(_trainer);

        _ = _ranks.RunTogether(() =>
        {
            _writer?.RequireFinite(_trainer.EvaluationModel);
            return true;
        });
        if (_policy.ShouldSaveEpoch(_state, _trainer.Position, now) || evaluate)
        {
            _writer?.SaveLastWeights(_trainer.EvaluationModel, summary.Epoch);
        }

        _trainer.Profiler.Lap(StepPhase.Checkpoints);
        if (evaluate)
        {
            _stopReason = Evaluate(EvaluationKind.EndOfEpoch, summary.Epoch, cancellationToken);
            if (_stopReason is not null)
            {
                _events.Report(TrainingEvent.StoppedEarly, $"Stopped early: {_stopReason}.", null, ("reason", _stopReason), ("epoch", summary.Epoch));
                _trainer.RescaleTo(_trainer.NextStep);
            }
        }

        if (_policy.ShouldSaveEpoch(_state, _trainer.Position, Now()))
        {
            SaveCheckpoint();
        }

        _isEndingEpoch = false;
        _events.CompleteEpoch(summary, _trainer.EvaluationModel);
    }

    /// <summary>Evaluates the weights, unless the last evaluation was of the same, and saves them with the result.</summary>
    private void EvaluateAtEnd(bool interrupted, CancellationToken cancellationToken)
    {
        _trainer.Profiler.Start();
        int epochs = _trainer.CompletedEpochs;
        if (_evaluatedSteps != _trainer.NextStep)
        {
            // A run that was canceled in its training still evaluates its weights.
            Evaluate(
                interrupted ? EvaluationKind.Interrupted : EvaluationKind.Final,
                epochs,
                interrupted ? CancellationToken.None : cancellationToken);
        }

        _writer?.SaveFinalEvaluation(
            _trainer.EvaluationModel,
            epochs,
            _evaluation!.Metrics,
            CocoResults.From(_evaluation.Dataset, CocoGroundTruth.UniqueImageIds(_evaluation.Dataset), _evaluation.Detections));
    }

    /// <summary>Evaluates the weights and records the result.</summary>
    /// <returns>Why the run should stop, or null.</returns>
    private string? Evaluate(EvaluationKind kind, int epoch, CancellationToken cancellationToken)
    {
        double started = Now();
        int total = _evaluator.Dataset.Images.Count;
        EvaluationResult? evaluation = _evaluator.Evaluate(
            _trainer.EvaluationModel, done => _events.ReportEvaluation(done, total), cancellationToken);
        _trainer.Profiler.Lap(StepPhase.Evaluation);
        double ap = _ranks.Broadcast(evaluation?.Metrics.AP ?? 0);
        (_state, EvaluationDecision decision) = _policy.AfterEvaluation(_state, ap, kind, started, Now());
        (_evaluation, _evaluatedSteps) = (evaluation, _trainer.NextStep);
        if (evaluation is null)
        {
            return decision.StopReason;
        }

        if (decision.IsBest)
        {
            _writer?.SaveBestWeights(_trainer.EvaluationModel, epoch, evaluation.Metrics);
        }

        _writer?.WriteEvaluation(epoch, _trainer.NextStep, evaluation);
        _events.CompleteEvaluation(
            new EvaluationSummary(epoch, _trainer.NextStep, evaluation.Metrics, evaluation.AdditionalMetrics, decision.IsBest), _trainer.EvaluationModel);
        return decision.StopReason;
    }

    private void SaveCheckpoint()
    {
        WriteCheckpoint();
        _state = RunPolicy.AfterCheckpoint(_state, Now());
        _trainer.Profiler.Lap(StepPhase.Checkpoints);
    }

    private void WriteCheckpoint()
    {
        _trainer.Profiler.Lap(StepPhase.Logging);
        if (FiniteWeights.FindNonFinite(_trainer.Model) is { } tensor)
        {
            _events.Warn("checkpoint_not_finite", $"The checkpoint is not saved, because tensor '{tensor}' contains NaN or infinity; a resume would start from the checkpoint before.");
        }
        else
        {
            _writer?.SaveCheckpoint(() => _trainer.Capture() with
            {
                BestAP = _state.BestAP,
                PretrainedAP = _state.PretrainedAP,
                EvaluationsSinceBest = _state.EvaluationsSinceBest,
                EvaluationSeconds = _state.EvaluationSeconds,
                Images = _images,
                StepSeconds = _stepSeconds,
                ElapsedSeconds = _clock.ElapsedSeconds,
                BadSteps = _badSteps,
                Steps = [.. _epochSteps],
            });
        }
    }

    private TrainingLoopResult CreateResult(bool interrupted, EvaluationResult? evaluation) =>
        new(_trainer.CompletedEpochs, _trainer.TotalEpochs, interrupted, _stopReason, evaluation);
}

/// <summary>How a loop ended.</summary>
/// <param name="Epochs">Epochs completed.</param>
/// <param name="PlannedEpochs">Epochs of the run.</param>
/// <param name="Interrupted">Whether the run was canceled and can be resumed.</param>
/// <param name="StopReason">Why the run stopped before its last epoch by its own decision, or null.</param>
/// <param name="Evaluation">The final evaluation; null if it was canceled, and on ranks other than 0.</param>
internal sealed record TrainingLoopResult(int Epochs, int PlannedEpochs, bool Interrupted, string? StopReason, EvaluationResult? Evaluation);
