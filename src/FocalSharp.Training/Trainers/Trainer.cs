using System.Diagnostics;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Heads;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loading;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Trainers.Faults;
using FocalSharp.Training.Trainers.Stages;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Trainers;

/// <summary>The training loop: batch → forward → three losses → backward → optimiser → moving average.</summary>
public sealed class Trainer : IDisposable
{
    private readonly Recipe _recipe;
    private readonly TrainerOptions _options;
    private readonly SampleLoader _loader;
    private readonly GflCriterion _criterion;
    private readonly Optimizer _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly ExponentialMovingAverage? _average;
    private readonly LossSentinel _sentinel;
    private readonly IReadOnlyList<BatchNorm2d> _frozenNorms;
    private readonly BatchStatisticsGuard _statistics;
    private readonly Device _device;
    private bool _plainEpoch;
    private int _faultsInARow;

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
        SetTraining();
        _statistics = new BatchStatisticsGuard(model);
        _criterion = new GflCriterion(recipe.Model.Head, recipe.Model.Loss, model.Options.Classes.Count);
        _optimizer = new Optimizer(model, recipe.Optimizer);
        _sentinel = new LossSentinel(recipe.Sentinel);
        StepsPerEpoch = loader.StepsPerEpoch;
        _schedule = new LearningRateSchedule(
            recipe.Schedule, recipe.Optimizer.RateFor(recipe.ImagesPerStep), StepsPerEpoch, recipe.Epochs);
        if (recipe.EmaDecay > 0)
        {
            Judged = new GflDetector(model.Options) { Precision = options.Precision };
            Judged.to(_device);
            Judged.eval();
            _average = new ExponentialMovingAverage(Judged, model, recipe.EmaDecay, recipe.EmaWarmup);
        }
        else
        {
            Judged = model;
        }
    }

    /// <summary>The model that gradients move.</summary>
    public GflDetector Model { get; }

    /// <summary>The model to judge and keep: the moving average, or the model itself without one.</summary>
    public GflDetector Judged { get; }

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the run; where the time is bounded, as estimated by now.</summary>
    public int TotalSteps => _schedule.TotalSteps;

    /// <summary>Epochs of the run, the last one perhaps not whole.</summary>
    public int TotalEpochs => (TotalSteps + StepsPerEpoch - 1) / StepsPerEpoch;

    /// <summary>Steps taken: the number of the next one.</summary>
    public int NextStep { get; private set; }

    /// <summary>Epochs that were brought to their end.</summary>
    public int EpochsDone { get; private set; }

    /// <summary>Where the time goes. Observers end the stages that they are: judgements, files.</summary>
    public StageClock Clock { get; } = new();

    /// <summary>False while a step changes the weights: what is captured then would be half a step.</summary>
    public bool IsAtRest { get; private set; } = true;

    /// <summary>Trains to the end, or until cancelled; both leave the weights whole.</summary>
    /// <returns>Epochs completed.</returns>
    public int Run(ITrainingObserver observer, CancellationToken cancellation)
    {
        observer.Started(TotalEpochs, StepsPerEpoch);
        Clock.Start();
        while (EpochsDone < TotalEpochs)
        {
            if (!RunEpoch(EpochsDone, observer, cancellation))
            {
                break;
            }

            EpochsDone++;
            observer.EpochEnded(EpochsDone - 1, this);
            Clock.Lap(TrainingStage.Logging);
        }

        return EpochsDone;
    }

    /// <summary>Bends the schedule so that the run ends after another number of steps, its course complete.</summary>
    /// <param name="totalSteps">Steps of the whole run; not below the steps taken.</param>
    public void Refit(int totalSteps) => _schedule.Refit(NextStep, Math.Max(totalSteps, NextStep));

    /// <summary>A copy of all that the training goes on from. Only between steps.</summary>
    public TrainerState Capture() => new(
        TrainerSnapshot.Take(Model, _average is null ? null : Judged, _optimizer),
        new TrainerProgress
        {
            NextStep = NextStep,
            EpochsDone = EpochsDone,
            PlainEpoch = _plainEpoch,
            OptimizerSteps = _optimizer.Steps,
            AverageSteps = _average?.Steps ?? 0,
            FaultsInARow = _faultsInARow,
            UsualLoss = _sentinel.Usual,
            LossesSeen = _sentinel.Seen,
            Fit = _schedule.Fit,
        });

    /// <summary>Goes on from a copy, bit for bit as the training that it was taken of.</summary>
    /// <exception cref="UserErrorException">It is of another model, or another optimiser.</exception>
    public void Restore(TrainerState state)
    {
        TrainerProgress progress = state.Progress;
        TrainerSnapshot.PutBack(state.Tensors, Model, _average is null ? null : Judged, _optimizer, progress.OptimizerSteps);
        NextStep = progress.NextStep;
        EpochsDone = progress.EpochsDone;
        _plainEpoch = progress.PlainEpoch;
        _faultsInARow = progress.FaultsInARow;
        _sentinel.Restore(progress.UsualLoss, progress.LossesSeen);
        _schedule.Apply(progress.Fit);
        if (_average is not null)
        {
            _average.Steps = progress.AverageSteps;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _statistics.Dispose();
        if (_average is not null)
        {
            Judged.Dispose();
        }
    }

    /// <summary>Takes the steps of an epoch that are still to be taken: all, fewer after a resume, none where only its end is to be told.</summary>
    /// <returns>False where cancelled.</returns>
    private bool RunEpoch(int epoch, ITrainingObserver observer, CancellationToken cancellation)
    {
        int done = NextStep - (epoch * StepsPerEpoch);
        if (done == 0)
        {
            _plainEpoch = _schedule.Fit is null
                ? _loader.IsPlain(epoch)
                : _schedule.Position(NextStep) >= 1 - _recipe.PlainShare;
        }

        if (done == StepsPerEpoch)
        {
            return true;
        }

        SetTraining();
        using IEnumerator<TrainingBatch> batches =
            _loader.Epoch(epoch, _options.LoaderWorkers, done * _recipe.Accumulate, _plainEpoch).GetEnumerator();
        for (; done < StepsPerEpoch && NextStep < TotalSteps; done++)
        {
            long started = Stopwatch.GetTimestamp();
            IReadOnlyList<TrainingBatch> group = Take(batches);
            double waited = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Clock.Lap(TrainingStage.LoaderWait);
            StepRecord record = Step(group, epoch, observer);
            NextStep++;
            observer.Stepped(record with { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, WaitSeconds = waited }, this);
            Clock.CountStep(record.Images);
            Clock.Lap(TrainingStage.Logging);
            if (cancellation.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }

    private List<TrainingBatch> Take(IEnumerator<TrainingBatch> batches)
    {
        List<TrainingBatch> group = new(_recipe.Accumulate);
        while (group.Count < _recipe.Accumulate && batches.MoveNext())
        {
            group.Add(batches.Current);
        }

        return group;
    }

    private void SetTraining()
    {
        Model.train();
        foreach (BatchNorm2d norm in _frozenNorms)
        {
            norm.eval();
        }
    }

    private StepRecord Step(IReadOnlyList<TrainingBatch> group, int epoch, ITrainingObserver observer)
    {
        StepRecord record = new(epoch, NextStep, 0, 0, 0, 0, _schedule.At(NextStep), 0, 0, 0, 0, Skipped: false);
        using FinalizerPause pause = FinalizerPause.Begin(); // one for all parts of the step
        _statistics.Save();
        Clock.Lap(TrainingStage.StatisticsGuard);
        _optimizer.ZeroGrad();
        Clock.Lap(TrainingStage.Clip);
        foreach (TrainingBatch batch in group)
        {
            if (FaultExaminer.BadTargets(batch, Model.Options.Classes.Count).Count > 0)
            {
                return Fault(FaultKind.TargetNotUsable, record, batch, observer);
            }

            StepRecord part = Learn(batch, group.Count, record);
            if (_sentinel.Judge(part.Loss) is { } kind)
            {
                return Fault(kind, part, batch, observer);
            }

            record = Add(record, part, group.Count);
        }

        double norm = _optimizer.ClipGradients();
        if (!double.IsFinite(norm))
        {
            return Fault(FaultKind.GradientNotFinite, record, group[^1], observer);
        }

        Clock.Lap(TrainingStage.Clip);
        IsAtRest = false;
        _faultsInARow = 0;
        _sentinel.Learn(record.Loss);
        _optimizer.Step(record.LearningRate);
        Clock.Lap(TrainingStage.Optimizer);
        _average?.Update();
        IsAtRest = true;
        Clock.Lap(TrainingStage.MovingAverage);
        return record with { GradientNorm = norm };
    }

    /// <summary>One batch forward and, where its loss can be used, backward.</summary>
    private StepRecord Learn(TrainingBatch batch, int batches, StepRecord step)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = Model.Preprocess(batch.Pixels, batch.Height, batch.Width, batch.Frames, _device);
        Clock.Lap(TrainingStage.HostToTensor);
        HeadOutput output = Model.call(input);
        Clock.Lap(TrainingStage.Forward);
        using LossTerms losses = _criterion.Compute(output, batch.Targets);
        StepRecord record = step with
        {
            QualityLoss = losses.Quality.item<float>(),
            BoxLoss = losses.Box.item<float>(),
            DistributionLoss = losses.Distribution.item<float>(),
            Positives = losses.Positives,
            Images = batch.Count,
        };
        Clock.Lap(TrainingStage.Losses, TrainingStage.Assignment, _criterion.AssignmentTime);
        if (_sentinel.Judge(record.Loss) is null)
        {
            Tensor loss = losses.Total();
            (batches == 1 ? loss : loss / batches).backward();
        }

        Clock.Lap(TrainingStage.Backward);
        return record;
    }

    private static StepRecord Add(StepRecord sum, StepRecord part, int batches) => sum with
    {
        QualityLoss = sum.QualityLoss + (part.QualityLoss / batches),
        BoxLoss = sum.BoxLoss + (part.BoxLoss / batches),
        DistributionLoss = sum.DistributionLoss + (part.DistributionLoss / batches),
        Positives = sum.Positives + part.Positives,
        Images = sum.Images + part.Images,
    };

    private StepRecord Fault(FaultKind kind, StepRecord record, TrainingBatch batch, ITrainingObserver observer)
    {
        _statistics.Restore();
        FaultReport report = FaultExaminer.Examine(Model, batch);
        _statistics.Restore();
        _optimizer.ZeroGrad();
        string[] names = [.. batch.Sources.Select(sources => string.Join(" + ", sources.Select(_loader.NameOf)))];
        StepFault fault = new(kind, record, _sentinel.Usual, batch, names, report, report.Describe(names, Model.Options.Classes));
        string? kept = observer.Faulted(fault, this);
        if (_recipe.Sentinel.OnFault == SentinelAction.Stop || _faultsInARow + 1 >= _recipe.Sentinel.MaxInARow)
        {
            string times = _recipe.Sentinel.OnFault == SentinelAction.Stop ? "" : $", for the {_faultsInARow + 1}th time in a row";
            throw new UserErrorException(
                $"Training stopped at {fault.Headline}{times}.\n  {fault.Cause}\n"
                + (kept is null ? "" : $"Look at the batch: focalsharp replay {kept}\n")
                + "Mend the annotation if one is to blame; else lower the learning rate (--set optimizer.learningRate=…), clip gradients "
                + "(--set optimizer.clipNorm=10), or try --precision float32. To pass over such steps: --on-fault skip.");
        }

        _faultsInARow++;
        return record with { Images = batch.Count, Skipped = true };
    }
}
