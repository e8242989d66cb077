namespace FocalSharp.Torch.Optimization;

/// <summary>Numbers of one step of AdamW (Loshchilov and Hutter 2019), as <c>torch.optim.AdamW</c> names them.</summary>
/// <param name="LearningRate">Learning rate.</param>
/// <param name="WeightDecay">Weight decay.</param>
/// <param name="Beta1">Part of the mean that is kept.</param>
/// <param name="Beta2">Part of the mean square that is kept.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Step">The step from 1.</param>
public readonly record struct AdamWStep(double LearningRate, double WeightDecay, double Beta1, double Beta2, double Epsilon, int Step);
