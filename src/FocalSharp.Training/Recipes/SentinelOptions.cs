namespace FocalSharp.Training.Recipes;

/// <summary>When a training step counts as faulty, and what is done then. The official code has no such watch.</summary>
public sealed record SentinelOptions
{
    /// <summary>What to do with a faulty step (default: skip).</summary>
    public SentinelAction OnFault { get; init; } = SentinelAction.Skip;

    /// <summary>Faulty steps in a row after which the run stops in any case (default: 10).</summary>
    public int MaxInARow { get; init; } = 10;

    /// <summary>A loss this many times the usual one counts as exploded; 0 looks for NaN and infinity alone (default: 20).</summary>
    public double Explosion { get; init; } = 20;

    /// <summary>Steps that tell what is usual; before them no loss counts as exploded (default: 20).</summary>
    public int LearnSteps { get; init; } = 20;

    /// <summary>Faulty batches that are kept for <c>focalsharp replay</c>, each with the weights of its moment (default: 3).</summary>
    public int KeepBatches { get; init; } = 3;

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="UserErrorException">One is.</exception>
    internal void Validate()
    {
        UserErrorException.ThrowUnless(MaxInARow >= 1, $"sentinel.maxInARow is {MaxInARow}; it must be at least 1");
        UserErrorException.ThrowUnless(Explosion is 0 or > 1, $"sentinel.explosion is {Explosion}; it must be above 1, or 0 to switch it off");
        UserErrorException.ThrowUnless(LearnSteps >= 1, $"sentinel.learnSteps is {LearnSteps}; it must be at least 1");
        UserErrorException.ThrowUnless(KeepBatches >= 0, $"sentinel.keepBatches is {KeepBatches}; it must be at least 0");
    }
}
