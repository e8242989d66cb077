using System.Diagnostics;
using FocalSharp.Reporting;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop.Faults;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Loop;

/// <summary>The training loop: batch → forward → three losses → backward → optimiser → moving average.</summary>
public sealed class Trainer : IDisposable
{
    private readonly Recipe _recipe;
    private readonly TrainerOptions _options;
    private readonly SampleLoader _loader;
    private readonly GflCriterion _criterion;
    private readonly Optimizer _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly ExponentialMovingAverage? _movingAverage;
    private readonly LossGuard _lossGuard;
    private readonly IReadOnlyList<BatchNorm2d> _frozenNorms;
    private readonly BatchNormStatisticsGuard _batchNormStatistics;
    private readonly Device _device;
    private bool _mosaicClosed;
    private int _consecutiveBadSteps;

    /// <summary>Prepares a training.</summary>
    /// <param name="model">The detector to train, with its initial weights.</param>
    /// <param name="recipe">How.</param>
    /// <param name="loader">The batches.</param>
    /// <param name="options">Seed, precision, device.</param>
    public Trainer(GflDetector model, Recipe recipe, SampleLoader loader, TrainerOptions options)
    {
        _recipe = recipe;
        _options = options;
        _loader = loader;
        _device = ComputeDevice.Resolve(options.Device);
        Model = model;
        model.to(_device);
        model.Precision = options.Precision;
        _frozenNorms = LayerFreezer.Freeze(model, recipe.Freeze);
        SetTrainMode();
        _batchNormStatistics = new BatchNormStatisticsGuard(model);
        _criterion = new GflCriterion(recipe.Model.Head, recipe.Model.Loss, model.Options.Classes.Count);
        _optimizer = new Optimizer(model, recipe.Optimizer);
        _lossGuard = new LossGuard(recipe.LossGuard);
        StepsPerEpoch = loader.StepsPerEpoch;
        _schedule = new LearningRateSchedule(
            recipe.Schedule, recipe.Optimizer.GetScaledLearningRate(recipe.ImagesPerStep), StepsPerEpoch, recipe.Epochs);
        if (recipe.EmaDecay > 0)
        {
            EvaluationModel = new GflDetector(model.Options) { Precision = options.Precision };
            EvaluationModel.to(_device);
            EvaluationModel.eval();
            _movingAverage = new ExponentialMovingAverage(EvaluationModel, model, recipe.EmaDecay, recipe.EmaWarmup);
        }
        else
        {
            EvaluationModel = model;
        }
    }

    /// <summary>The model that gradients move.</summary>
    public GflDetector Model { get; }

    /// <summary>The model to judge and keep: the moving average, or the model itself without one.</summary>
    public GflDetector EvaluationModel { get; }

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the run; where the time is bounded, as estimated by now.</summary>
    public int TotalSteps => _schedule.TotalSteps;

    /// <summary>Epochs of the run, the last one perhaps not whole.</summary>
    public int TotalEpochs => (TotalSteps + StepsPerEpoch - 1) / StepsPerEpoch;

    /// <summary>Steps taken: the number of the next one.</summary>
    public int NextStep { get; private set; }

    /// <summary>Epochs that were brought to their end.</summary>
    public int CompletedEpochs { get; private set; }

    /// <summary>Where the time goes. Observers end the stages that they are: judgements, files.</summary>
    public StepProfiler Profiler { get; } = new();

    /// <summary>False while a step changes the weights: what is captured then would be half a step.</summary>
    public bool IsBetweenSteps { get; private set; } = true;

    /// <summary>Trains to the end, or until cancelled; both leave the weights whole.</summary>
    /// <returns>Epochs completed.</returns>
    public int Run(ITrainingObserver observer, CancellationToken cancellationToken)
    {
        observer.Started(TotalEpochs, StepsPerEpoch);
        Profiler.Start();
        while (CompletedEpochs < TotalEpochs)
        {
            if (!RunEpoch(CompletedEpochs, observer, cancellationToken))
            {
                break;
            }

            CompletedEpochs++;
            observer.EpochEnded(CompletedEpochs - 1, this);
            Profiler.Lap(StepPhase.Logging);
        }

        return CompletedEpochs;
    }

    /// <summary>Bends the schedule so that the run ends after another number of steps, its course complete.</summary>
    /// <param name="totalSteps">Steps of the whole run; not below the steps taken.</param>
    public void RescaleTo(int totalSteps) => _schedule.RescaleTo(NextStep, Math.Max(totalSteps, NextStep));

    /// <summary>A copy of all that the training goes on from. Only between steps.</summary>
    public TrainerCheckpoint Capture() => new(
        TrainerTensors.Capture(Model, _movingAverage is null ? null : EvaluationModel, _optimizer),
        new TrainerProgress
        {
            NextStep = NextStep,
            CompletedEpochs = CompletedEpochs,
            MosaicClosed = _mosaicClosed,
            OptimizerSteps = _optimizer.StepCount,
            MovingAverageUpdates = _movingAverage?.UpdateCount ?? 0,
            ConsecutiveBadSteps = _consecutiveBadSteps,
            AverageLoss = _lossGuard.AverageLoss,
            LossCount = _lossGuard.LossCount,
            ScheduleRescale = _schedule.Rescale,
        });

    /// <summary>Goes on from a copy, bit for bit as the training that it was taken of.</summary>
    /// <exception cref="FocalSharpException">It is of another model, or another optimiser.</exception>
    public void Restore(TrainerCheckpoint state)
    {
        TrainerProgress progress = state.Progress;
        TrainerTensors.Restore(state.Tensors, Model, _movingAverage is null ? null : EvaluationModel, _optimizer, progress.OptimizerSteps);
        NextStep = progress.NextStep;
        CompletedEpochs = progress.CompletedEpochs;
        _mosaicClosed = progress.MosaicClosed;
        _consecutiveBadSteps = progress.ConsecutiveBadSteps;
        _lossGuard.Restore(progress.AverageLoss, progress.LossCount);
        _schedule.ApplyRescale(progress.ScheduleRescale);
        if (_movingAverage is not null)
        {
            _movingAverage.UpdateCount = progress.MovingAverageUpdates;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _batchNormStatistics.Dispose();
        if (_movingAverage is not null)
        {
            EvaluationModel.Dispose();
        }
    }

    /// <summary>Takes the steps of an epoch that are still to be taken: all, fewer after a resume, none where only its end is to be told.</summary>
    /// <returns>False where cancelled.</returns>
    private bool RunEpoch(int epoch, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        int done = NextStep - (epoch * StepsPerEpoch);
        if (done == 0)
        {
            _mosaicClosed = _schedule.Rescale is null
                ? _loader.IsMosaicClosed(epoch)
                : _schedule.GetProgress(NextStep) >= 1 - _recipe.CloseMosaicFraction;
        }

        if (done == StepsPerEpoch)
        {
            return true;
        }

        SetTrainMode();
        using IEnumerator<TrainingBatch> batches =
            _loader.LoadEpoch(epoch, _options.LoaderWorkers, done * _recipe.Accumulate, _mosaicClosed).GetEnumerator();
        for (; done < StepsPerEpoch && NextStep < TotalSteps; done++)
        {
            long started = Stopwatch.GetTimestamp();
            IReadOnlyList<TrainingBatch> group = TakeBatches(batches);
            double waited = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Profiler.Lap(StepPhase.LoaderWait);
            StepMetrics record = Step(group, epoch, observer);
            NextStep++;
            observer.StepEnded(record with { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, WaitSeconds = waited }, this);
            Profiler.CountStep(record.Images);
            Profiler.Lap(StepPhase.Logging);
            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }

    private List<TrainingBatch> TakeBatches(IEnumerator<TrainingBatch> batches)
    {
        List<TrainingBatch> group = new(_recipe.Accumulate);
        while (group.Count < _recipe.Accumulate && batches.MoveNext())
        {
            group.Add(batches.Current);
        }

        return group;
    }

    private void SetTrainMode()
    {
        Model.train();
        foreach (BatchNorm2d norm in _frozenNorms)
        {
            norm.eval();
        }
    }

    private StepMetrics Step(IReadOnlyList<TrainingBatch> group, int epoch, ITrainingObserver observer)
    {
        StepMetrics record = new(epoch, NextStep, 0, 0, 0, 0, _schedule.GetLearningRate(NextStep), 0, 0, 0, 0, Skipped: false);
        using FinalizerPause pause = FinalizerPause.Begin(); // one for all parts of the step
        _batchNormStatistics.Save();
        Profiler.Lap(StepPhase.StatisticsGuard);
        _optimizer.ZeroGrad();
        Profiler.Lap(StepPhase.Clip);
        foreach (TrainingBatch batch in group)
        {
            if (BadStepDiagnosis.FindInvalidTargets(batch, Model.Options.Classes.Count).Count > 0)
            {
                return HandleBadStep(BadStepKind.InvalidTarget, record, batch, observer);
            }

            StepMetrics part = ForwardBackward(batch, group.Count, record);
            if (_lossGuard.Check(part.Loss) is { } kind)
            {
                return HandleBadStep(kind, part, batch, observer);
            }

            record = AddBatch(record, part, group.Count);
        }

        double norm = _optimizer.ClipGradients();
        if (!double.IsFinite(norm))
        {
            return HandleBadStep(BadStepKind.NonFiniteGradient, record, group[^1], observer);
        }

        Profiler.Lap(StepPhase.Clip);
        IsBetweenSteps = false;
        _consecutiveBadSteps = 0;
        _lossGuard.Update(record.Loss);
        _optimizer.Step(record.LearningRate);
        Profiler.Lap(StepPhase.Optimizer);
        _movingAverage?.Update();
        IsBetweenSteps = true;
        Profiler.Lap(StepPhase.MovingAverage);
        return record with { GradientNorm = norm };
    }

    /// <summary>One batch forward and, where its loss can be used, backward.</summary>
    private StepMetrics ForwardBackward(TrainingBatch batch, int batches, StepMetrics step)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = Model.Preprocess(batch.Pixels, batch.Height, batch.Width, batch.Frames, _device);
        Profiler.Lap(StepPhase.HostToTensor);
        HeadOutput output = Model.call(input);
        Profiler.Lap(StepPhase.Forward);
        using LossTerms losses = _criterion.Compute(output, batch.Targets);
        StepMetrics record = step with
        {
            QualityLoss = losses.Classification.item<float>(),
            BoxLoss = losses.Box.item<float>(),
            DistributionLoss = losses.Distribution.item<float>(),
            Positives = losses.Positives,
            Images = batch.Count,
        };
        Profiler.Lap(StepPhase.Losses, StepPhase.Assignment, _criterion.AssignmentTime);
        if (_lossGuard.Check(record.Loss) is null)
        {
            Tensor loss = losses.Total();
            (batches == 1 ? loss : loss / batches).backward();
        }

        Profiler.Lap(StepPhase.Backward);
        return record;
    }

    private static StepMetrics AddBatch(StepMetrics sum, StepMetrics part, int batches) => sum with
    {
        QualityLoss = sum.QualityLoss + (part.QualityLoss / batches),
        BoxLoss = sum.BoxLoss + (part.BoxLoss / batches),
        DistributionLoss = sum.DistributionLoss + (part.DistributionLoss / batches),
        Positives = sum.Positives + part.Positives,
        Images = sum.Images + part.Images,
    };

    private StepMetrics HandleBadStep(BadStepKind kind, StepMetrics record, TrainingBatch batch, ITrainingObserver observer)
    {
        _batchNormStatistics.Restore();
        BadStepReport report = BadStepDiagnosis.Diagnose(Model, batch);
        _batchNormStatistics.Restore();
        _optimizer.ZeroGrad();
        string[] names = [.. batch.Sources.Select(sources => string.Join(" + ", sources.Select(_loader.GetFileName)))];
        BadStep error = new(kind, record, _lossGuard.AverageLoss, batch, names, report, report.Describe(names, Model.Options.Classes));
        string? retained = observer.BadStepFound(error, this);
        if (_recipe.LossGuard.OnBadStep == BadStepAction.Stop || _consecutiveBadSteps + 1 >= _recipe.LossGuard.MaxConsecutive)
        {
            string times = _recipe.LossGuard.OnBadStep == BadStepAction.Stop ? "" : $", for the {_consecutiveBadSteps + 1}th time in a row";
            throw new FocalSharpException(
                $"Training stopped at {error.Summary}{times}.\n  {error.Cause}\n"
                + (retained is null ? "" : $"Look at the batch: focalsharp replay {retained}\n")
                + "Mend the annotation if one is to blame; else lower the learning rate (--set optimizer.learningRate=…), clip gradients "
                + "(--set optimizer.clipNorm=10), or try --precision float32. To pass over such steps: --on-bad-step skip.");
        }

        _consecutiveBadSteps++;
        return record with { Images = batch.Count, Skipped = true };
    }
}
