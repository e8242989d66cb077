using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// Varifocal Loss (arXiv 2008.13367): binary cross-entropy against the quality q, weighted by q at positives and by
/// <c>α |p − q|^γ</c> at negatives.
/// </summary>
/// <param name="alpha">Weight of negatives (official: 0.75).</param>
/// <param name="gamma">Exponent for negatives (official: 2).</param>
/// <param name="iouWeighted">Whether positives are weighted by their quality rather than by 1 (official: true).</param>
/// <param name="reduction">Reduction of the elements.</param>
/// <param name="lossWeight">Factor of the result.</param>
public sealed class VarifocalLoss(
    double alpha = 0.75, double gamma = 2, bool iouWeighted = true, LossReduction reduction = LossReduction.Mean, double lossWeight = 1)
    : nn.Module<Tensor, Tensor, Tensor>(LibTorch.Named(nameof(VarifocalLoss))), IClassificationLoss
{
    private readonly LossReducer _reducer = new(reduction, lossWeight);
    private readonly double _alpha = LossGuards.RequireAtLeast(alpha, 0, nameof(alpha));
    private readonly double _gamma = LossGuards.RequireAtLeast(gamma, 0, nameof(gamma));

    /// <summary>Computes the loss without weights.</summary>
    /// <param name="prediction">Logits <c>[N, C]</c>.</param>
    /// <param name="target">Qualities <c>[N, C]</c> in [0, 1], 0 for negatives.</param>
    public override Tensor forward(Tensor prediction, Tensor target) => forward(prediction, target, null);

    /// <summary>Computes the loss with weights.</summary>
    /// <param name="prediction">Logits <c>[N, C]</c>.</param>
    /// <param name="target">Qualities <c>[N, C]</c> in [0, 1], 0 for negatives.</param>
    /// <param name="weight">Weights that broadcast to <c>[N, C]</c>, or null.</param>
    /// <param name="averageFactor">Divisor of the sum for the reduction Mean, or null for N·C.</param>
    public Tensor forward(Tensor prediction, Tensor target, Tensor? weight, double? averageFactor = null)
    {
        LossGuards.RequireMatrix(prediction, nameof(prediction), "[N, C]");
        LossGuards.RequireShapeOf(target, nameof(target), prediction, nameof(prediction));
        LossGuards.RequireBroadcast(weight, nameof(weight), prediction);
        LossGuards.RequireFactor(averageFactor);
        LossGuards.CheckNumbers(prediction, nameof(prediction));
        LossGuards.CheckWeight(weight, nameof(weight));
        LossGuards.CheckRange(target, nameof(target), 0, 1, "between 0 and 1");
        using DisposeScope scope = NewDisposeScope();
        return _reducer.Apply(Elements(prediction, target.to(prediction.dtype), probabilities: false), weight, averageFactor).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    Tensor IClassificationLoss.Compute(Tensor scores, Tensor qualities, Tensor positives, bool scoresAreProbabilities)
    {
        LossGuards.RequireFloatingPoint(scores, nameof(scores));
        LossGuards.RequireShapeOf(qualities, nameof(qualities), scores, nameof(scores));
        LossGuards.RequireShapeOf(positives, nameof(positives), scores, nameof(scores));
        return Elements(scores, qualities, scoresAreProbabilities);
    }

    private Tensor Elements(Tensor prediction, Tensor quality, bool probabilities)
    {
        Tensor positive = quality.gt(0).to(prediction.dtype);
        Tensor p = probabilities ? prediction : prediction.sigmoid();
        Tensor negative = (p - quality).abs().pow(_gamma) * (1 - positive) * _alpha;
        Tensor focus = (iouWeighted ? quality * positive : positive) + negative;
        return BinaryCrossEntropy.Compute(prediction, quality, probabilities) * focus;
    }
}
