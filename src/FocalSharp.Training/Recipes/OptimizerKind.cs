namespace FocalSharp.Training.Recipes;

/// <summary>The optimisers that a recipe can name.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum (official).</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay (arXiv 1711.05101).</summary>
    AdamW,
}
