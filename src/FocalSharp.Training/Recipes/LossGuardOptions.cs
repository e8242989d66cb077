namespace FocalSharp.Training.Recipes;

/// <summary>When a training step counts as bad, and what to do then. The official code has no such check.</summary>
public sealed record LossGuardOptions
{
    /// <summary>Gets what to do with a bad step. Default: skip.</summary>
    public FailureAction OnBadStep { get; init; } = FailureAction.Skip;

    /// <summary>Gets the bad steps in a row after which the run stops. Default: 10.</summary>
    public int MaxConsecutive { get; init; } = 10;

    /// <summary>Gets the multiple of the average loss above which a loss counts as exploded; 0 checks only for NaN and infinity. Default: 20.</summary>
    public double ExplosionFactor { get; init; } = 20;

    /// <summary>Gets the steps before the average is used. Default: 20.</summary>
    public int WarmupSteps { get; init; } = 20;

    /// <summary>Gets the maximum number of bad steps whose batch is saved, with the weights before the step. Default: 3.</summary>
    public int MaxSavedBatches { get; init; } = 3;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="OptionException">An option is out of its range.</exception>
    internal void Validate()
    {
        OptionException.ThrowUnless(MaxConsecutive >= 1, $"lossGuard.maxConsecutive is {MaxConsecutive}; it must be at least 1");
        OptionException.ThrowUnless(ExplosionFactor is 0 or > 1, $"lossGuard.explosionFactor is {ExplosionFactor}; it must be above 1, or 0 to switch it off");
        OptionException.ThrowUnless(WarmupSteps >= 1, $"lossGuard.warmupSteps is {WarmupSteps}; it must be at least 1");
        OptionException.ThrowUnless(MaxSavedBatches >= 0, $"lossGuard.maxSavedBatches is {MaxSavedBatches}; it must be at least 0");
    }
}
