namespace FocalSharp.Training.Recipes;

/// <summary>How often a run saves its weights and a checkpoint. It always does so at its end.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Gets the minutes between checkpoints; 0 for none within an epoch. Default: 5.</summary>
    public double Minutes { get; init; } = 5;

    /// <summary>Gets the steps between checkpoints; 0 for none within an epoch. Default: 0.</summary>
    public int Steps { get; init; }

    /// <summary>
    /// Gets the seconds since the last checkpoint after which the end of an epoch saves one; 0 to save every epoch. Default: 10, because epochs of a
    /// few images are shorter than the writing of a checkpoint.
    /// </summary>
    public double MinSeconds { get; init; } = 10;
}
