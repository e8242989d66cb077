using System.Diagnostics;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Heads;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loading;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Training.Trainers;

/// <summary>The training loop: batch → forward → three losses → backward → optimiser → moving average.</summary>
public sealed class Trainer : IDisposable
{
    private const int MaxSkippedInARow = 10;

    private readonly Recipe _recipe;
    private readonly TrainerOptions _options;
    private readonly SampleLoader _loader;
    private readonly GflCriterion _criterion;
    private readonly Optimizer _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly ExponentialMovingAverage? _average;
    private readonly Device _device;
    private int _skippedInARow;

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
        _criterion = new GflCriterion(recipe.Model.Head, recipe.Model.Loss, model.Options.Classes.Count);
        _optimizer = new Optimizer(model, recipe.Optimizer);
        StepsPerEpoch = loader.StepsPerEpoch;
        _schedule = new LearningRateSchedule(
            recipe.Schedule, recipe.Optimizer.RateFor(recipe.BatchSize), StepsPerEpoch, recipe.Epochs);
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

    /// <summary>Trains to the end, or until cancelled; both leave the weights whole.</summary>
    /// <returns>Epochs completed.</returns>
    public int Run(ITrainingObserver observer, CancellationToken cancellation)
    {
        observer.Started(_recipe.Epochs, StepsPerEpoch);
        for (int epoch = 0; epoch < _recipe.Epochs; epoch++)
        {
            Model.train();
            if (!RunEpoch(epoch, observer, cancellation))
            {
                return epoch;
            }

            observer.EpochEnded(epoch, this);
        }

        return _recipe.Epochs;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        if (_average is not null)
        {
            Judged.Dispose();
        }
    }

    private bool RunEpoch(int epoch, ITrainingObserver observer, CancellationToken cancellation)
    {
        int step = epoch * StepsPerEpoch;
        long started = Stopwatch.GetTimestamp();
        foreach (TrainingBatch batch in _loader.Epoch(epoch, _options.LoaderWorkers))
        {
            double waited = Stopwatch.GetElapsedTime(started).TotalSeconds;
            StepRecord record = Step(batch, epoch, step);
            observer.Stepped(record with { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, WaitSeconds = waited });
            if (cancellation.IsCancellationRequested)
            {
                return false;
            }

            step++;
            started = Stopwatch.GetTimestamp();
        }

        return true;
    }

    private StepRecord Step(TrainingBatch batch, int epoch, int step)
    {
        using FinalizerPause pause = FinalizerPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        double rate = _schedule.At(step);
        Tensor pixels = tensor(batch.Pixels, [batch.Count, 3, batch.Height, batch.Width], ScalarType.Byte, _device);
        HeadOutput output = Model.call(Model.Preprocess(pixels, batch.Frames));
        using LossTerms losses = _criterion.Compute(output, batch.Targets);
        StepRecord record = new(
            epoch,
            step,
            losses.Quality.item<float>(),
            losses.Box.item<float>(),
            losses.Distribution.item<float>(),
            losses.Positives,
            rate,
            0,
            batch.Count,
            0,
            0,
            Skipped: false);
        if (!double.IsFinite(record.Loss))
        {
            return Skip(record, batch);
        }

        _optimizer.ZeroGrad();
        losses.Total().backward();
        double norm = _optimizer.ClipGradients();
        if (!double.IsFinite(norm))
        {
            return Skip(record, batch);
        }

        _skippedInARow = 0;
        _optimizer.Step(rate);
        _average?.Update();
        return record with { GradientNorm = norm };
    }

    private StepRecord Skip(StepRecord record, TrainingBatch batch)
    {
        _optimizer.ZeroGrad();
        if (++_skippedInARow >= MaxSkippedInARow)
        {
            throw new UserErrorException(
                $"Training diverged: at step {record.Step} the loss or its gradient was not a finite number for the {MaxSkippedInARow}th time in a row "
                + $"(QFL {record.QualityLoss}, GIoU {record.BoxLoss}, DFL {record.DistributionLoss}; images {string.Join(", ", batch.Images)} of the "
                + "training set). Lower the learning rate (--set optimizer.learningRate=…), clip gradients (--set optimizer.clipNorm=10), or try --precision float32.");
        }

        return record with { Skipped = true };
    }
}
