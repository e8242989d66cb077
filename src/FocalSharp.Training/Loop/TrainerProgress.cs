using FocalSharp.Training.Optimization;

namespace FocalSharp.Training.Loop;

/// <summary>Where a training stands between two steps, beside its tensors.</summary>
public sealed record TrainerProgress
{
    /// <summary>Steps taken: the number of the next one.</summary>
    public int NextStep { get; init; }

    /// <summary>Epochs that were brought to their end.</summary>
    public int CompletedEpochs { get; init; }

    /// <summary>Whether the running epoch is without mosaic and mix-up.</summary>
    public bool MosaicClosed { get; init; }

    /// <summary>Steps that the optimiser took: those that were not skipped.</summary>
    public int OptimizerSteps { get; init; }

    /// <summary>Updates of the moving average.</summary>
    public int MovingAverageUpdates { get; init; }

    /// <summary>Faulty steps in a row by now.</summary>
    public int ConsecutiveBadSteps { get; init; }

    /// <summary>The loss that is usual by now.</summary>
    public double AverageLoss { get; init; }

    /// <summary>Losses that it was learned from.</summary>
    public int LossCount { get; init; }

    /// <summary>How the schedule was bent to the time at hand, or null.</summary>
    public ScheduleRescale? ScheduleRescale { get; init; }
}
