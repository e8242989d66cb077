namespace FocalSharp.Training.Recipes;

/// <summary>How often a run saves a checkpoint within an epoch. It always saves one at the end of an epoch.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Gets the minutes between checkpoints; 0 for none within an epoch. Default: 5.</summary>
    public double Minutes { get; init; } = 5;

    /// <summary>Gets the steps between checkpoints; 0 for none within an epoch. Default: 0.</summary>
    public int Steps { get; init; }
}
