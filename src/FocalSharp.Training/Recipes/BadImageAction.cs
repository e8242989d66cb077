namespace FocalSharp.Training.Recipes;

/// <summary>What to do with an image that cannot be read.</summary>
public enum BadImageAction
{
    /// <summary>Train and evaluate without it, and name it in the result; more than 1 % of such images stop the run.</summary>
    Skip,

    /// <summary>Save a checkpoint and stop the run.</summary>
    Stop,
}
