namespace FocalSharp.Training.Recipes;

/// <summary>What to do with a part of a training that failed: a bad step or an unreadable image.</summary>
public enum FailureAction
{
    /// <summary>Skip it and continue; too many of them stop the run.</summary>
    Skip,

    /// <summary>Stop the run.</summary>
    Stop,
}
