using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging.Resizing;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Loop.Faults;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>
/// Keeps a run's records as it goes: metrics.csv, TensorBoard, judgements, last and best weights, states to resume from, faulty
/// batches. A disk that is full for a while costs a warning, not the training.
/// </summary>
internal sealed class RunController : ITrainingObserver, IDisposable
{
    private readonly RunFolder _folder;
    private readonly Recipe _recipe;
    private readonly DetectionDataset _evalDataset;
    private readonly ITrainingMonitor _monitor;
    private readonly RunClock _clock;
    private readonly CheckpointStore _checkpoints;
    private readonly TimeBudget _timeBudget;
    private readonly MetricsLog _log;
    private readonly TensorBoardWriter _tensorBoard;
    private readonly List<StepMetrics> _steps = [];
    private RunProgress _progress = new();
    private EvaluationResult? _latestEvaluation;
    private int _latestEvaluationEpoch = -1;
    private int _stepsSinceCheckpoint;
    private double _checkpointedAt;
    private double _evaluatedAt;
    private double _steppedAt;
    private bool _tensorBoardFailed;

    public RunController(RunFolder folder, Recipe recipe, DetectionDataset eval, ITrainingMonitor monitor, RunClock clock, RunProgress? before = null)
    {
        _folder = folder;
        _recipe = recipe;
        _evalDataset = eval;
        _monitor = monitor;
        _clock = clock;
        _checkpoints = new CheckpointStore(folder.CheckpointsPath);
        _timeBudget = new TimeBudget(recipe, eval.Images.Count);
        if (before is not null)
        {
            _progress = before;
            _steps.AddRange(before.Steps);
            clock.PreviousSeconds += before.ElapsedSeconds;
            MetricsLog.Truncate(folder.MetricsPath, before.MetricsLength);
            TensorBoardWriter.Truncate(folder.Path, before.TensorBoardLengths);
        }

        _log = MetricsLog.Open(folder.MetricsPath, MetricsColumns.All);
        _tensorBoard = new TensorBoardWriter(folder.Path);
        (_checkpointedAt, _evaluatedAt, _steppedAt) = (clock.ElapsedSeconds, clock.ElapsedSeconds, clock.ElapsedSeconds);
    }

    /// <summary>Training speed over the run, judgements not counted.</summary>
    public double ImagesPerSecond => _progress.StepSeconds > 0 ? _progress.Images / _progress.StepSeconds : 0;

    /// <summary>Why the run ended before its last epoch by its own decision, or null.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Steps after which the newest state was kept; 0 where none is.</summary>
    public int SavedSteps { get; private set; }

    /// <summary>True from the end of an epoch until its records are whole: a state kept in between would leave some out.</summary>
    public bool IsEndingEpoch { get; private set; }

    /// <summary>AP of the weights that the run began with, before any training; null where they were not judged.</summary>
    public double? PretrainedAP => _progress.PretrainedAP;

    /// <summary>Goes on from a state that is kept.</summary>
    public void MarkResumed(int steps) => SavedSteps = steps;

    /// <summary>Judges the weights that the run begins with: where training takes from what they know, they are the best to be had.</summary>
    public void EvaluatePretrained(Trainer trainer)
    {
        trainer.Profiler.Start();
        _monitor.Info("Judging the weights before they are trained");
        Evaluate(0, trainer);
        _progress = _progress with { PretrainedAP = _latestEvaluation!.Metrics.AP };
    }

    public void Started(int epochs, int stepsPerEpoch) => _monitor.Started(epochs, stepsPerEpoch);

    public void StepEnded(StepMetrics step, Trainer trainer)
    {
        _steps.Add(step);
        _progress = _progress with { Images = _progress.Images + step.Images, StepSeconds = _progress.StepSeconds + step.Seconds };
        _monitor.StepEnded(step);
        RescaleToTimeBudget(step, trainer);
        _stepsSinceCheckpoint++;
        bool lastOfEpoch = trainer.NextStep % trainer.StepsPerEpoch == 0 || trainer.NextStep >= trainer.TotalSteps;
        CheckpointOptions checkpointOptions = _recipe.Checkpoint;
        bool due = (checkpointOptions.Steps > 0 && _stepsSinceCheckpoint >= checkpointOptions.Steps) || (checkpointOptions.Minutes > 0 && _clock.ElapsedSeconds - _checkpointedAt >= 60 * checkpointOptions.Minutes);
        if (lastOfEpoch ? ShouldEvaluate(trainer, trainer.CompletedEpochs + 1) : due)
        {
            SaveCheckpoint(trainer); // before a judgement too: it may take long, or meet an image that is gone
        }
    }

    public string? BadStepFound(BadStep error, Trainer trainer)
    {
        string? path = null;
        if (_progress.BadSteps < _recipe.LossGuard.MaxSavedBatches)
        {
            path = Path.Combine(_folder.BadStepsPath, $"step-{error.Step.Step + 1:D6}.safetensors");
            string target = path;
            path = TryWrite("the faulty batch could not be kept", () => BadStepFile.Save(target, trainer.Model, error)) ? path : null;
        }

        _progress = _progress with { BadSteps = _progress.BadSteps + 1 };
        if (_recipe.LossGuard.OnBadStep == BadStepAction.Skip)
        {
            string retained = path is null ? "" : $"\n  The batch is kept: focalsharp replay {Path.GetRelativePath(Directory.GetCurrentDirectory(), path)}";
            _monitor.Warn($"{error.Summary}; the step is skipped, the weights stay.\n  {error.Cause}{retained}");
        }

        return path;
    }

    public void EpochEnded(int epoch, Trainer trainer)
    {
        IsEndingEpoch = true;
        bool evaluates = ShouldEvaluate(trainer, trainer.CompletedEpochs);
        EpochSummary summary = EpochSummary.Create(_steps);
        _steps.Clear();
        LogEpoch(summary);
        _monitor.EpochEnded(summary);
        trainer.Profiler.Lap(StepPhase.Logging);
        TryWrite("the weights could not be kept", () => SaveWeights(_folder.LastWeightsPath, trainer.EvaluationModel, summary.Epoch, null));
        trainer.Profiler.Lap(StepPhase.Checkpoints);
        if (evaluates)
        {
            bool better = Evaluate(summary.Epoch, trainer);
            _progress = _progress with { EvaluationsSinceBest = better ? 0 : _progress.EvaluationsSinceBest + 1 };
            if (_recipe.Patience > 0 && _progress.EvaluationsSinceBest >= _recipe.Patience)
            {
                StopReason = $"no better AP in {_progress.EvaluationsSinceBest} judgements (patience {_recipe.Patience})";
                _monitor.Info($"Ended early: {StopReason}.");
                trainer.RescaleTo(trainer.NextStep);
            }
        }

        SaveCheckpoint(trainer);
        IsEndingEpoch = false;
    }

    /// <summary>Keeps the state to resume from; on a full disk it warns, and the states before stay.</summary>
    public void SaveCheckpoint(Trainer trainer)
    {
        trainer.Profiler.Lap(StepPhase.Logging);
        TryWrite("the state could not be kept; training goes on, and a resume would start from the one before", () =>
        {
            RunProgress records = _progress with
            {
                ElapsedSeconds = _clock.ElapsedSeconds,
                Steps = [.. _steps],
                MetricsLength = _log.Sync(),
                TensorBoardLengths = SyncTensorBoard(),
                Phases = trainer.Profiler.Timings,
            };
            _checkpoints.Write(new RunCheckpoint(trainer.Capture(), records).ToStateDict(), trainer.NextStep);
            SavedSteps = trainer.NextStep;
        });
        _stepsSinceCheckpoint = 0;
        _checkpointedAt = _clock.ElapsedSeconds;
        trainer.Profiler.Lap(StepPhase.Checkpoints);
    }

    /// <summary>Judges and saves the weights as they are now.</summary>
    /// <param name="epochs">Epochs completed.</param>
    /// <param name="trainer">The trainer, at rest.</param>
    /// <param name="interrupted">Whether the run will perhaps be resumed: then this judgement decides nothing.</param>
    public EvaluationResult Finish(int epochs, Trainer trainer, bool interrupted)
    {
        trainer.Profiler.Start();
        if (_latestEvaluation is null || _latestEvaluationEpoch != epochs || _steps.Count > 0)
        {
            Evaluate(epochs, trainer, interrupted);
        }

        SaveWeights(_folder.LastWeightsPath, trainer.EvaluationModel, epochs, _latestEvaluation!.Metrics);
        CocoResults.From(_evalDataset, _latestEvaluation.Detections).Write(_folder.DetectionsPath);
        return _latestEvaluation;
    }

    public void Dispose()
    {
        _log.Dispose();
        _tensorBoard.Dispose();
    }

    /// <returns>Whether it is the best so far.</returns>
    private bool Evaluate(int epoch, Trainer trainer, bool interrupted = false)
    {
        double started = _clock.ElapsedSeconds;
        ImagePredictor predictor = new(trainer.EvaluationModel, _recipe.Input.ResizeRule);

        // As eval and predict compute, so that they repeat these numbers.
        Precision training = trainer.EvaluationModel.Precision;
        trainer.EvaluationModel.Precision = Precision.Float32;
        Detection[][] detections = predictor.Predict(
            _evalDataset.Images, progress: new SynchronousProgress<int>(done => _monitor.Progress("judging", done, _evalDataset.Images.Count)));
        trainer.EvaluationModel.Precision = training;
        CocoMetrics metrics = CocoEvaluator.Evaluate(_evalDataset, detections);
        trainer.Profiler.Lap(StepPhase.Evaluation);
        bool best = metrics.AP > _progress.BestAP && !interrupted;
        if (best)
        {
            _progress = _progress with { BestAP = metrics.AP };
            TryWrite("the best weights could not be kept", () => SaveWeights(_folder.BestWeightsPath, trainer.EvaluationModel, epoch, metrics));
        }

        long step = trainer.NextStep;
        AppendMetrics((MetricsColumns.Epoch, epoch), (MetricsColumns.Step, step), (MetricsColumns.AP, metrics.AP), (MetricsColumns.AP50, metrics.AP50), (MetricsColumns.AP75, metrics.AP75));
        LogScalars(step, ("val/AP", metrics.AP), ("val/AP50", metrics.AP50), ("val/AP75", metrics.AP75));
        _monitor.Evaluated(epoch, metrics, best);
        _latestEvaluationEpoch = epoch;
        _latestEvaluation = new EvaluationResult(metrics, detections);
        _evaluatedAt = _steppedAt = _clock.ElapsedSeconds;
        _progress = _progress with { EvaluationSeconds = _evaluatedAt - started };
        return best;
    }

    // The last epoch is evaluated by Finish.
    private bool ShouldEvaluate(Trainer trainer, int epochsDone)
    {
        if (epochsDone >= trainer.TotalEpochs)
        {
            return false;
        }

        if (_recipe.EvaluateEvery > 0)
        {
            return epochsDone % _recipe.EvaluateEvery == 0;
        }

        return _timeBudget.HasLimit
            ? _timeBudget.IsEvaluationDue(_clock.ElapsedSeconds - _evaluatedAt, _progress.EvaluationSeconds)
            : epochsDone % Math.Max(1, (int)Math.Ceiling(_recipe.Epochs / 8.0)) == 0;
    }

    private void RescaleToTimeBudget(StepMetrics step, Trainer trainer)
    {
        if (!_timeBudget.HasLimit)
        {
            return;
        }

        double now = _clock.ElapsedSeconds;
        _timeBudget.RecordStep(step.Seconds, now - _steppedAt - step.Seconds);
        _steppedAt = now;
        if (_timeBudget.EstimateTotalSteps(trainer, now, _progress.EvaluationSeconds) is { } steps)
        {
            trainer.RescaleTo(steps);
            _monitor.Rescaled(trainer.TotalEpochs, trainer.TotalSteps);
        }
    }

    private void LogEpoch(EpochSummary summary)
    {
        AppendMetrics(
            (MetricsColumns.Epoch, summary.Epoch),
            (MetricsColumns.Step, summary.Steps),
            (MetricsColumns.Loss, summary.Loss),
            (MetricsColumns.QualityLoss, summary.QualityLoss),
            (MetricsColumns.BoxLoss, summary.BoxLoss),
            (MetricsColumns.DistributionLoss, summary.DistributionLoss),
            (MetricsColumns.Positives, summary.Positives),
            (MetricsColumns.LearningRate, summary.LearningRate),
            (MetricsColumns.GradientNorm, summary.GradientNorm),
            (MetricsColumns.ImagesPerSecond, summary.ImagesPerSecond));
        LogScalars(
            summary.Steps,
            ("train/loss", summary.Loss),
            ("train/loss_quality", summary.QualityLoss),
            ("train/loss_box", summary.BoxLoss),
            ("train/loss_distribution", summary.DistributionLoss),
            ("train/positives", summary.Positives),
            ("train/lr", summary.LearningRate),
            ("train/grad_norm", summary.GradientNorm),
            ("train/images_per_second", summary.ImagesPerSecond));
    }

    private void AppendMetrics(params (string Column, double Value)[] cells) => TryWrite("a row of metrics.csv waits", () => _log.Append(cells));

    private void LogScalars(long step, params (string Tag, double Value)[] scalars)
    {
        if (_tensorBoardFailed)
        {
            return;
        }

        _tensorBoardFailed = !TryWrite("TensorBoard's curves end here; metrics.csv has the same numbers", () =>
        {
            foreach ((string tag, double value) in scalars)
            {
                _tensorBoard.AddScalar(tag, step, value);
            }

            _tensorBoard.Flush();
        });
    }

    private Dictionary<string, long> SyncTensorBoard()
    {
        Dictionary<string, long> lengths = new(_progress.TensorBoardLengths, StringComparer.Ordinal);
        if (!_tensorBoardFailed)
        {
            lengths[Path.GetFileName(_tensorBoard.Path)] = _tensorBoard.Sync();
        }

        return lengths;
    }

    private bool TryWrite(string failure, Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (FocalSharpException exception)
        {
            _monitor.Warn($"{failure}: {exception.Message}");
            return false;
        }
    }

    private void SaveWeights(string path, GflDetector model, int epoch, CocoMetrics? metrics)
    {
        Dictionary<string, string> info = new(ResizeRuleSerializer.ToMetadata(_recipe.Input.ResizeRule))
        {
            ["recipe"] = _recipe.Name,
            ["dataset"] = _evalDataset.Name,
            ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
        };
        if (metrics is not null)
        {
            info["AP"] = metrics.AP.ToString("R", CultureInfo.InvariantCulture);
            info["AP50"] = metrics.AP50.ToString("R", CultureInfo.InvariantCulture);
        }

        DetectorCheckpoint.Save(path, model, info);
    }

    /// <summary>Detections of the judged images and what they are worth.</summary>
    internal sealed record EvaluationResult(CocoMetrics Metrics, IReadOnlyList<IReadOnlyList<Detection>> Detections);
}
