namespace FocalSharp.Training.Recipes;

/// <summary>How often the whole state of a run is kept for <c>--resume</c>. It is kept at the end of every epoch in any case.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Minutes after which the state is kept within an epoch too; 0 never (default: 5).</summary>
    public double Minutes { get; init; } = 5;

    /// <summary>Steps after which the state is kept within an epoch too; 0 never (default: 0).</summary>
    public int Steps { get; init; }
}
