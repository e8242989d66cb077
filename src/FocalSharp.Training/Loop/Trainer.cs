using FocalSharp.Torch;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Distillation;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Loop;

/// <summary>
/// The parts of a training that steps change: model, moving average, optimizer, schedule, loss guard and position. It captures and restores
/// them; <see cref="TrainingLoop"/> takes the steps.
/// </summary>
internal sealed class Trainer : IDisposable
{
    private readonly IReadOnlyList<BatchNorm2d> _frozenNorms;

    /// <summary>Initializes a training.</summary>
    /// <param name="model">The detector to train, with its initial weights.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="options">Seed, precision and device.</param>
    /// <param name="ranks">The ranks that train together; null for one process.</param>
    /// <param name="distiller">The teacher's part, which the caller disposes, or null.</param>
    public Trainer(
        GflDetector model, Recipe recipe, int stepsPerEpoch, TrainerOptions options, ICollective? ranks = null, Distiller? distiller = null)
    {
        Ranks = ranks ?? SingleProcessCollective.Instance;
        Distiller = distiller;
        Device = ComputeDevice.Resolve(options.Device);
        Model = model;
        model.to(Device);
        model.Precision = options.Precision;
        _frozenNorms = LayerFreezer.Freeze(model, recipe.Freeze);
        SetTrainMode();
        BatchNormStatistics = new BatchNormStatisticsGuard(model);
        GflLossOptions losses = recipe.Model.Loss with { DividesByWeightsOnly = distiller is not null && recipe.Distillation.OfficialNormalizer };
        Criterion = new GflCriterion(recipe.Model.Head, losses, model.Options.Classes.Count);
        model.KeepsFeatures = distiller is not null && recipe.Distillation.FeatureWeight > 0;
        Optimizer = new Optimizer(model, recipe.Optimizer);
        if (Ranks.Size > 1)
        {
            Criterion.SumOverRanks = Ranks.AllReduceSum;
            if (distiller is not null)
            {
                distiller.SumOverRanks = Ranks.AllReduceSum;
            }

            SumOfNorms = recipe.Norms == NormSynchronization.Sync ? Ranks.AllReduceSum : null;
            Gradients = new GradientReducer(Ranks, model, recipe.GradientPrecision);
        }

        LossGuard = new LossGuard(recipe.LossGuard);
        StepsPerEpoch = stepsPerEpoch;
        Schedule = new LearningRateSchedule(
            recipe.Schedule, recipe.Optimizer.GetScaledLearningRate(recipe.ImagesPerStep), stepsPerEpoch, recipe.Epochs);
        if (recipe.EmaDecay > 0)
        {
            EvaluationModel = new GflDetector(model.Options) { Precision = options.Precision };
            EvaluationModel.to(Device);
            EvaluationModel.eval();
            MovingAverage = new ExponentialMovingAverage(EvaluationModel, model, recipe.EmaDecay, recipe.EmaWarmup);
        }
        else
        {
            EvaluationModel = model;
        }
    }

    /// <summary>Gets the model that the optimizer updates.</summary>
    public GflDetector Model { get; }

    /// <summary>Gets the model to evaluate and save: the moving average, or the model itself if there is none.</summary>
    public GflDetector EvaluationModel { get; }

    /// <summary>Gets the ranks that train together.</summary>
    public ICollective Ranks { get; }

    /// <summary>Gets what sums the statistics of batch norms over the ranks; null if they are not synchronized.</summary>
    public SumOverRanks? SumOfNorms { get; }

    /// <summary>Gets what sums the gradients over the ranks; null in a single process.</summary>
    public GradientReducer? Gradients { get; }

    /// <summary>Gets the teacher's part of the losses, or null.</summary>
    public Distiller? Distiller { get; }

    /// <summary>Gets the losses.</summary>
    public GflCriterion Criterion { get; }

    /// <summary>Gets the optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Gets the learning-rate schedule.</summary>
    public LearningRateSchedule Schedule { get; }

    /// <summary>Gets the moving average of the weights, or null.</summary>
    public ExponentialMovingAverage? MovingAverage { get; }

    /// <summary>Gets the check of each loss.</summary>
    public LossGuard LossGuard { get; }

    /// <summary>Gets the copy of the batch norms' running statistics.</summary>
    public BatchNormStatisticsGuard BatchNormStatistics { get; }

    /// <summary>Gets the device.</summary>
    public Device Device { get; }

    /// <summary>Gets the time by phase.</summary>
    public StepProfiler Profiler { get; } = new();

    /// <summary>Gets the steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Gets the steps of the run; with a time budget, as estimated so far.</summary>
    public int TotalSteps => Schedule.TotalSteps;

    /// <summary>Gets the epochs of the run; the last one may be shorter.</summary>
    public int TotalEpochs => Position.TotalEpochs;

    /// <summary>Gets the position in the run.</summary>
    public RunPosition Position => new(NextStep, StepsPerEpoch, TotalSteps);

    /// <summary>Gets or sets the steps taken.</summary>
    public int NextStep { get; set; }

    /// <summary>Gets or sets the epochs completed.</summary>
    public int CompletedEpochs { get; set; }

    /// <summary>Gets or sets whether the current epoch is without mosaic, mix-up and copy-paste.</summary>
    public bool MosaicClosed { get; set; }

    /// <summary>Gets or sets the bad steps in a row so far.</summary>
    public int ConsecutiveBadSteps { get; set; }

    /// <summary>Gets or sets whether all weights belong to the same step. A checkpoint taken within an update would be inconsistent.</summary>
    public bool IsBetweenSteps { get; set; } = true;

    /// <summary>Puts the model into training mode, except for frozen batch norms.</summary>
    public void SetTrainMode()
    {
        Model.train();
        foreach (BatchNorm2d norm in _frozenNorms)
        {
            norm.eval();
        }
    }

    /// <summary>Rescales the rest of the schedule so that the run ends after another number of steps.</summary>
    /// <param name="totalSteps">Steps of the whole run; at least the steps taken.</param>
    public void RescaleTo(int totalSteps) => Schedule.RescaleTo(NextStep, Math.Max(totalSteps, NextStep));

    /// <summary>Copies everything that training continues from. Call it only between steps.</summary>
    public RunCheckpoint Capture() => new()
    {
        Tensors = TrainerTensors.Capture(Model, MovingAverage is null ? null : EvaluationModel, Optimizer),
        NextStep = NextStep,
        CompletedEpochs = CompletedEpochs,
        MosaicClosed = MosaicClosed,
        OptimizerSteps = Optimizer.StepCount,
        MovingAverageUpdates = MovingAverage?.UpdateCount ?? 0,
        ConsecutiveBadSteps = ConsecutiveBadSteps,
        AverageLoss = LossGuard.AverageLoss,
        LossCount = LossGuard.LossCount,
        ScheduleRescale = Schedule.Rescale,
        Phases = Profiler.Timings,
    };

    /// <summary>Continues from a checkpoint, bit for bit.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <exception cref="TrainingException">The checkpoint is of another model or optimizer.</exception>
    public void Restore(RunCheckpoint checkpoint)
    {
        TrainerTensors.Restore(checkpoint.Tensors, Model, MovingAverage is null ? null : EvaluationModel, Optimizer, checkpoint.OptimizerSteps);
        NextStep = checkpoint.NextStep;
        CompletedEpochs = checkpoint.CompletedEpochs;
        MosaicClosed = checkpoint.MosaicClosed;
        ConsecutiveBadSteps = checkpoint.ConsecutiveBadSteps;
        LossGuard.Restore(checkpoint.AverageLoss, checkpoint.LossCount);
        Schedule.ApplyRescale(checkpoint.ScheduleRescale);
        Profiler.RestoreFrom(checkpoint.Phases);
        if (MovingAverage is not null)
        {
            MovingAverage.UpdateCount = checkpoint.MovingAverageUpdates;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Gradients?.Dispose();
        Optimizer.Dispose();
        BatchNormStatistics.Dispose();
        if (MovingAverage is not null)
        {
            EvaluationModel.Dispose();
        }
    }
}
