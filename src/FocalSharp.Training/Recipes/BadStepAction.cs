namespace FocalSharp.Training.Recipes;

/// <summary>What a training does with a step whose loss or gradient cannot be used.</summary>
public enum BadStepAction
{
    /// <summary>Leaves the weights as they were before the step and goes on with the next.</summary>
    Skip,

    /// <summary>Keeps the state from before the step and ends the run, so that it can be looked at and resumed.</summary>
    Stop,
}
