namespace FocalSharp.Training.Loop.Faults;

/// <summary>What can be wrong with a training step.</summary>
public enum BadStepKind
{
    /// <summary>An annotation is no box, or of no class: there is nothing to compute.</summary>
    InvalidTarget,

    /// <summary>The loss is NaN or infinite.</summary>
    NonFiniteLoss,

    /// <summary>The loss is finite, and many times what is usual.</summary>
    LossExploded,

    /// <summary>The loss is finite, a gradient is not.</summary>
    NonFiniteGradient,
}
