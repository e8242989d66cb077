namespace FocalSharp.Training.Recipes;

/// <summary>Options of the optimizer. Defaults: mmdetection's GFL, <c>schedule_1x</c>.</summary>
public sealed record OptimizerOptions
{
    /// <summary>Gets the optimizer (official: SGD).</summary>
    public OptimizerKind Kind { get; init; } = OptimizerKind.Sgd;

    /// <summary>Gets the learning rate after warm-up, for <see cref="BaseBatchSize"/> images per step (official: 0.01 for 16).</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>
    /// Gets the batch size of <see cref="LearningRate"/>; for another batch size the rate is scaled in proportion (the linear rule). 0: not scaled.
    /// </summary>
    public int BaseBatchSize { get; init; } = 16;

    /// <summary>Gets SGD's momentum (official: 0.9).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Gets AdamW's decay of the first moment (paper: 0.9).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Gets AdamW's decay of the second moment (paper: 0.999).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Gets the weight decay (official: 1e-4).</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Gets whether weight decay applies to norms, biases and scales too (official: true).</summary>
    public bool DecayNorms { get; init; } = true;

    /// <summary>Gets the factor on the backbone's learning rate (official: 1).</summary>
    public double BackboneFactor { get; init; } = 1;

    /// <summary>
    /// Gets the factor on the learning rate from one backbone stage to the one before it: head and neck have the full rate, the last stage
    /// this factor, the stem its fifth power (ELECTRA, arXiv 2003.10555, appendix A; official: 1, none).
    /// </summary>
    public double LayerDecay { get; init; } = 1;

    /// <summary>Gets the maximum global norm of the gradients; larger gradients are scaled down to it. 0: no clipping (official: 0).</summary>
    public double ClipNorm { get; init; }

    /// <summary>Returns the learning rate for a batch size by the linear rule.</summary>
    /// <param name="batchSize">Images per step.</param>
    public double GetScaledLearningRate(int batchSize) => BaseBatchSize > 0 ? LearningRate * batchSize / BaseBatchSize : LearningRate;
}
