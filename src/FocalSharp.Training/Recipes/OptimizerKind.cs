namespace FocalSharp.Training.Recipes;

/// <summary>The optimizers.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum (official).</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay (arXiv 1711.05101).</summary>
    AdamW,
}
