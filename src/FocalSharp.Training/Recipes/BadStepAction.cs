namespace FocalSharp.Training.Recipes;

/// <summary>What to do with a bad step: a step whose loss or gradient is not usable.</summary>
public enum BadStepAction
{
    /// <summary>Skip the step: the weights are unchanged, and training continues.</summary>
    Skip,

    /// <summary>Save a checkpoint from before the step and stop the run.</summary>
    Stop,
}
