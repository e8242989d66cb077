namespace FocalSharp.Training.Recipes;

/// <summary>When a training step counts as faulty, and what is done then. The official code has no such watch.</summary>
public sealed record LossGuardOptions
{
    /// <summary>What to do with a faulty step (default: skip).</summary>
    public BadStepAction OnBadStep { get; init; } = BadStepAction.Skip;

    /// <summary>Faulty steps in a row after which the run stops in any case (default: 10).</summary>
    public int MaxConsecutive { get; init; } = 10;

    /// <summary>A loss this many times the usual one counts as exploded; 0 looks for NaN and infinity alone (default: 20).</summary>
    public double ExplosionFactor { get; init; } = 20;

    /// <summary>Steps that tell what is usual; before them no loss counts as exploded (default: 20).</summary>
    public int WarmupSteps { get; init; } = 20;

    /// <summary>Faulty batches that are kept for <c>focalsharp replay</c>, each with the weights of its moment (default: 3).</summary>
    public int MaxSavedBatches { get; init; } = 3;

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate()
    {
        OptionException.ThrowUnless(MaxConsecutive >= 1, $"lossGuard.maxConsecutive is {MaxConsecutive}; it must be at least 1");
        OptionException.ThrowUnless(ExplosionFactor is 0 or > 1, $"lossGuard.explosionFactor is {ExplosionFactor}; it must be above 1, or 0 to switch it off");
        OptionException.ThrowUnless(WarmupSteps >= 1, $"lossGuard.warmupSteps is {WarmupSteps}; it must be at least 1");
        OptionException.ThrowUnless(MaxSavedBatches >= 0, $"lossGuard.maxSavedBatches is {MaxSavedBatches}; it must be at least 0");
    }
}
