using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Inference;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Trainers;
using FocalSharp.Training.Trainers.Faults;
using FocalSharp.Training.Trainers.Stages;

namespace FocalSharp.Training.Runs;

/// <summary>
/// Keeps a run's records as it goes: metrics.csv, TensorBoard, judgements, last and best weights, states to resume from, faulty
/// batches. A disk that is full for a while costs a warning, not the training.
/// </summary>
internal sealed class RunRecorder : ITrainingObserver, IDisposable
{
    private readonly RunFolder _folder;
    private readonly Recipe _recipe;
    private readonly DetectionDataset _judge;
    private readonly ITrainingMonitor _monitor;
    private readonly RunClock _clock;
    private readonly StateStore _states;
    private readonly TimeKeeper _time;
    private readonly MetricsLog _log;
    private readonly TensorBoardWriter _board;
    private readonly List<StepRecord> _steps = [];
    private RecordState _state = new();
    private Judgement? _latest;
    private int _latestEpoch = -1;
    private int _stepsSinceState;
    private double _stateAt;
    private double _judgedAt;
    private double _steppedAt;
    private bool _boardFailed;

    public RunRecorder(RunFolder folder, Recipe recipe, DetectionDataset judge, ITrainingMonitor monitor, RunClock clock, RecordState? before = null)
    {
        _folder = folder;
        _recipe = recipe;
        _judge = judge;
        _monitor = monitor;
        _clock = clock;
        _states = new StateStore(folder.StatePath);
        _time = new TimeKeeper(recipe, judge.Images.Count);
        if (before is not null)
        {
            _state = before;
            _steps.AddRange(before.Steps);
            clock.Before += before.Elapsed;
            MetricsLog.Cut(folder.MetricsPath, before.MetricsLength);
            TensorBoardWriter.Cut(folder.Path, before.Boards);
        }

        _log = MetricsLog.Open(folder.MetricsPath, MetricsColumns.All);
        _board = new TensorBoardWriter(folder.Path);
        (_stateAt, _judgedAt, _steppedAt) = (clock.Elapsed, clock.Elapsed, clock.Elapsed);
    }

    /// <summary>Training speed over the run, judgements not counted.</summary>
    public double ImagesPerSecond => _state.StepSeconds > 0 ? _state.Images / _state.StepSeconds : 0;

    /// <summary>Why the run ended before its last epoch by its own decision, or null.</summary>
    public string? EndedBecause { get; private set; }

    /// <summary>Steps after which the newest state was kept; 0 where none is.</summary>
    public int KeptSteps { get; private set; }

    /// <summary>True from the end of an epoch until its records are whole: a state kept in between would leave some out.</summary>
    public bool IsClosingEpoch { get; private set; }

    /// <summary>AP of the weights that the run began with, before any training; null where they were not judged.</summary>
    public double? Untrained => _state.Untrained;

    /// <summary>Goes on from a state that is kept.</summary>
    public void Resumed(int steps) => KeptSteps = steps;

    /// <summary>Judges the weights that the run begins with: where training takes from what they know, they are the best to be had.</summary>
    public void JudgeUntrained(Trainer trainer)
    {
        trainer.Clock.Start();
        _monitor.Tell("Judging the weights before they are trained");
        Judge(0, trainer);
        _state = _state with { Untrained = _latest!.Metrics.AP };
    }

    public void Started(int epochs, int stepsPerEpoch) => _monitor.Started(epochs, stepsPerEpoch);

    public void Stepped(StepRecord step, Trainer trainer)
    {
        _steps.Add(step);
        _state = _state with { Images = _state.Images + step.Images, StepSeconds = _state.StepSeconds + step.Seconds };
        _monitor.Stepped(step);
        FitToTime(step, trainer);
        _stepsSinceState++;
        bool lastOfEpoch = trainer.NextStep % trainer.StepsPerEpoch == 0 || trainer.NextStep >= trainer.TotalSteps;
        CheckpointOptions often = _recipe.Checkpoint;
        bool due = (often.Steps > 0 && _stepsSinceState >= often.Steps) || (often.Minutes > 0 && _clock.Elapsed - _stateAt >= 60 * often.Minutes);
        if (lastOfEpoch ? EndsInJudgement(trainer, trainer.EpochsDone + 1) : due)
        {
            KeepState(trainer); // before a judgement too: it may take long, or meet an image that is gone
        }
    }

    public string? Faulted(StepFault fault, Trainer trainer)
    {
        string? path = null;
        if (_state.Faults < _recipe.Sentinel.KeepBatches)
        {
            path = Path.Combine(_folder.FaultsPath, $"step-{fault.Step.Step + 1:D6}.safetensors");
            string target = path;
            path = Try("the faulty batch could not be kept", () => FaultFile.Save(target, trainer.Model, fault)) ? path : null;
        }

        _state = _state with { Faults = _state.Faults + 1 };
        if (_recipe.Sentinel.OnFault == SentinelAction.Skip)
        {
            string kept = path is null ? "" : $"\n  The batch is kept: focalsharp replay {Path.GetRelativePath(Directory.GetCurrentDirectory(), path)}";
            _monitor.Warn($"{fault.Headline}; the step is skipped, the weights stay.\n  {fault.Cause}{kept}");
        }

        return path;
    }

    public void EpochEnded(int epoch, Trainer trainer)
    {
        IsClosingEpoch = true;
        bool judges = EndsInJudgement(trainer, trainer.EpochsDone);
        EpochSummary summary = EpochSummary.Of(_steps);
        _steps.Clear();
        Log(summary);
        _monitor.EpochEnded(summary);
        trainer.Clock.Lap(TrainingStage.Logging);
        Try("the weights could not be kept", () => Save(_folder.LastWeightsPath, trainer.Judged, summary.Epoch, null));
        trainer.Clock.Lap(TrainingStage.Checkpoints);
        if (judges)
        {
            bool better = Judge(summary.Epoch, trainer);
            _state = _state with { JudgementsSinceBest = better ? 0 : _state.JudgementsSinceBest + 1 };
            if (_recipe.Patience > 0 && _state.JudgementsSinceBest >= _recipe.Patience)
            {
                EndedBecause = $"no better AP in {_state.JudgementsSinceBest} judgements (patience {_recipe.Patience})";
                _monitor.Tell($"Ended early: {EndedBecause}.");
                trainer.Refit(trainer.NextStep);
            }
        }

        KeepState(trainer);
        IsClosingEpoch = false;
    }

    /// <summary>Keeps the state to resume from; on a full disk it warns, and the states before stay.</summary>
    public void KeepState(Trainer trainer)
    {
        trainer.Clock.Lap(TrainingStage.Logging);
        Try("the state could not be kept; training goes on, and a resume would start from the one before", () =>
        {
            RecordState records = _state with
            {
                Elapsed = _clock.Elapsed,
                Steps = [.. _steps],
                MetricsLength = _log.Sync(),
                Boards = Boards(),
                Stages = trainer.Clock.Times,
            };
            _states.Write(new RunState(trainer.Capture(), records).ToStateDict(), trainer.NextStep);
            KeptSteps = trainer.NextStep;
        });
        _stepsSinceState = 0;
        _stateAt = _clock.Elapsed;
        trainer.Clock.Lap(TrainingStage.Checkpoints);
    }

    /// <summary>Judges and saves the weights as they are now.</summary>
    /// <param name="epochs">Epochs completed.</param>
    /// <param name="trainer">The trainer, at rest.</param>
    /// <param name="interrupted">Whether the run will perhaps be resumed: then this judgement decides nothing.</param>
    public Judgement Finish(int epochs, Trainer trainer, bool interrupted)
    {
        trainer.Clock.Start();
        if (_latest is null || _latestEpoch != epochs || _steps.Count > 0)
        {
            Judge(epochs, trainer, interrupted);
        }

        Save(_folder.LastWeightsPath, trainer.Judged, epochs, _latest!.Metrics);
        CocoResults.From(_judge, _latest.Detections).Write(_folder.DetectionsPath);
        return _latest;
    }

    public void Dispose()
    {
        _log.Dispose();
        _board.Dispose();
    }

    /// <returns>Whether it is the best so far.</returns>
    private bool Judge(int epoch, Trainer trainer, bool interrupted = false)
    {
        double started = _clock.Elapsed;
        ImagePredictor predictor = new(trainer.Judged, _recipe.Input.Rule);

        // As eval and predict compute, so that they repeat these numbers.
        Precision training = trainer.Judged.Precision;
        trainer.Judged.Precision = Precision.Float32;
        Detection[][] detections = predictor.Predict(
            _judge.Images, progress: new DirectProgress<int>(done => _monitor.Progress("judging", done, _judge.Images.Count)));
        trainer.Judged.Precision = training;
        CocoMetrics metrics = CocoEvaluator.Evaluate(_judge, detections);
        trainer.Clock.Lap(TrainingStage.Evaluation);
        bool best = metrics.AP > _state.Best && !interrupted;
        if (best)
        {
            _state = _state with { Best = metrics.AP };
            Try("the best weights could not be kept", () => Save(_folder.BestWeightsPath, trainer.Judged, epoch, metrics));
        }

        long step = trainer.NextStep;
        Append((MetricsColumns.Epoch, epoch), (MetricsColumns.Step, step), (MetricsColumns.AP, metrics.AP), (MetricsColumns.AP50, metrics.AP50), (MetricsColumns.AP75, metrics.AP75));
        Draw(step, ("val/AP", metrics.AP), ("val/AP50", metrics.AP50), ("val/AP75", metrics.AP75));
        _monitor.Judged(epoch, metrics, best);
        _latestEpoch = epoch;
        _latest = new Judgement(metrics, detections);
        _judgedAt = _steppedAt = _clock.Elapsed;
        _state = _state with { JudgeSeconds = _judgedAt - started };
        return best;
    }

    // The last epoch is judged by Finish.
    private bool EndsInJudgement(Trainer trainer, int epochsDone)
    {
        if (epochsDone >= trainer.TotalEpochs)
        {
            return false;
        }

        if (_recipe.EvaluateEvery > 0)
        {
            return epochsDone % _recipe.EvaluateEvery == 0;
        }

        return _time.IsBound
            ? _time.JudgementIsDue(_clock.Elapsed - _judgedAt, _state.JudgeSeconds)
            : epochsDone % Math.Max(1, (int)Math.Ceiling(_recipe.Epochs / 8.0)) == 0;
    }

    private void FitToTime(StepRecord step, Trainer trainer)
    {
        if (!_time.IsBound)
        {
            return;
        }

        double now = _clock.Elapsed;
        _time.Stepped(step.Seconds, now - _steppedAt - step.Seconds);
        _steppedAt = now;
        if (_time.Fit(trainer, now, _state.JudgeSeconds) is { } steps)
        {
            trainer.Refit(steps);
            _monitor.Refitted(trainer.TotalEpochs, trainer.TotalSteps);
        }
    }

    private void Log(EpochSummary summary)
    {
        Append(
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
        Draw(
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

    private void Append(params (string Column, double Value)[] cells) => Try("a row of metrics.csv waits", () => _log.Append(cells));

    private void Draw(long step, params (string Tag, double Value)[] scalars)
    {
        if (_boardFailed)
        {
            return;
        }

        _boardFailed = !Try("TensorBoard's curves end here; metrics.csv has the same numbers", () =>
        {
            foreach ((string tag, double value) in scalars)
            {
                _board.AddScalar(tag, step, value);
            }

            _board.Flush();
        });
    }

    private Dictionary<string, long> Boards()
    {
        Dictionary<string, long> lengths = new(_state.Boards, StringComparer.Ordinal);
        if (!_boardFailed)
        {
            lengths[Path.GetFileName(_board.Path)] = _board.Sync();
        }

        return lengths;
    }

    private bool Try(string failure, Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (UserErrorException exception)
        {
            _monitor.Warn($"{failure}: {exception.Message}");
            return false;
        }
    }

    private void Save(string path, GflDetector model, int epoch, CocoMetrics? metrics)
    {
        Dictionary<string, string> facts = new(ResizeFacts.Of(_recipe.Input.Rule))
        {
            ["recipe"] = _recipe.Name,
            ["dataset"] = _judge.Name,
            ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
        };
        if (metrics is not null)
        {
            facts["AP"] = metrics.AP.ToString("R", CultureInfo.InvariantCulture);
            facts["AP50"] = metrics.AP50.ToString("R", CultureInfo.InvariantCulture);
        }

        DetectorCheckpoint.Save(path, model, facts);
    }

    /// <summary>Detections of the judged images and what they are worth.</summary>
    internal sealed record Judgement(CocoMetrics Metrics, IReadOnlyList<IReadOnlyList<Detection>> Detections);
}
