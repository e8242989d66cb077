using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// Varifocal loss (arXiv 2008.13367), a relative of Quality Focal Loss: positives are weighted by their quality q, negatives by
/// <c>α |p − q|^γ</c>.
/// </summary>
/// <param name="alpha">Weight of negatives (official: 0.75).</param>
/// <param name="gamma">Exponent for negatives (official: 2).</param>
/// <param name="iouWeighted">Whether positives are weighted by their quality rather than by 1 (official: true).</param>
/// <param name="reduction">How elements are combined.</param>
/// <param name="lossWeight">Factor of the result.</param>
public sealed class VarifocalLoss(
    double alpha = 0.75, double gamma = 2, bool iouWeighted = true, LossReduction reduction = LossReduction.Mean, double lossWeight = 1)
    : nn.Module<Tensor, Tensor, Tensor>(nameof(VarifocalLoss))
{
    private readonly LossReducer _reducer = new(reduction, lossWeight);

    /// <summary>The loss without weights.</summary>
    /// <param name="prediction">Logits <c>[N, C]</c>.</param>
    /// <param name="target">Qualities <c>[N, C]</c> in [0, 1], 0 for negatives.</param>
    public override Tensor forward(Tensor prediction, Tensor target) => forward(prediction, target, null);

    /// <summary>The loss with weights.</summary>
    /// <param name="prediction">Logits <c>[N, C]</c>.</param>
    /// <param name="target">Qualities <c>[N, C]</c> in [0, 1], 0 for negatives.</param>
    /// <param name="weight">Weights that broadcast to <c>[N, C]</c>, or null.</param>
    /// <param name="averageFactor">What a Mean divides the sum by, or null for N·C.</param>
    public Tensor forward(Tensor prediction, Tensor target, Tensor? weight, double? averageFactor = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor quality = target.to(prediction.dtype);
        Tensor positive = quality.gt(0).to(prediction.dtype);
        Tensor negative = (prediction.sigmoid() - quality).abs().pow(gamma) * (1 - positive) * alpha;
        Tensor focus = (iouWeighted ? quality * positive : positive) + negative;
        Tensor entropy = nn.functional.binary_cross_entropy_with_logits(prediction, quality, reduction: nn.Reduction.None);
        return _reducer.Apply(entropy * focus, weight, averageFactor).MoveToOuterDisposeScope();
    }
}
