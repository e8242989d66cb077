namespace FocalSharp.Training.Recipes;

/// <summary>How weights follow gradients. Defaults: mmdetection's GFL, <c>schedule_1x</c>.</summary>
public sealed record OptimizerOptions
{
    /// <summary>Which optimiser (official: SGD).</summary>
    public OptimizerKind Kind { get; init; } = OptimizerKind.Sgd;

    /// <summary>Learning rate after warm-up, for <see cref="BaseBatchSize"/> images a step (official: 0.01 for 16).</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>
    /// Batch size that <see cref="LearningRate"/> is meant for; another batch scales the rate in proportion (the linear rule). 0: never scaled.
    /// </summary>
    public int BaseBatchSize { get; init; } = 16;

    /// <summary>SGD's momentum (official: 0.9).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>AdamW's decay of the first moment (paper: 0.9).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's decay of the second moment (paper: 0.999).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Weight decay (official: 1e-4).</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Whether norms, biases and scales decay too (official: true).</summary>
    public bool DecayNorms { get; init; } = true;

    /// <summary>Factor on the backbone's learning rate (official: 1).</summary>
    public double BackboneFactor { get; init; } = 1;

    /// <summary>
    /// Factor on the learning rate from one backbone stage to the one before it: head and neck learn at the full rate, the last stage at
    /// this, the stem at its fifth power (ELECTRA, arXiv 2003.10555, appendix A; official: 1, none).
    /// </summary>
    public double LayerDecay { get; init; } = 1;

    /// <summary>Gradients whose global norm is larger are scaled down to it; 0 never clips (official: 0).</summary>
    public double ClipNorm { get; init; }

    /// <summary>The learning rate for a given batch by the linear rule.</summary>
    public double GetScaledLearningRate(int batchSize) => BaseBatchSize > 0 ? LearningRate * batchSize / BaseBatchSize : LearningRate;
}
