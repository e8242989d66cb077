namespace FocalSharp.Torch.Optimization;

/// <summary>Settings of one step of AdamW (Loshchilov and Hutter 2019), as <c>torch.optim.AdamW</c> names them.</summary>
/// <param name="LearningRate">Learning rate.</param>
/// <param name="WeightDecay">Weight decay.</param>
/// <param name="Beta1">Decay of the running mean.</param>
/// <param name="Beta2">Decay of the running mean square.</param>
/// <param name="Epsilon">Added to the square root.</param>
/// <param name="Step">Number of the step, from 1.</param>
internal readonly record struct AdamWStep(double LearningRate, double WeightDecay, double Beta1, double Beta2, double Epsilon, int Step);
