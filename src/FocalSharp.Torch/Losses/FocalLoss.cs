using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// Focal Loss (arXiv 1708.02002; paper, eq. 1): binary cross-entropy of every class times <c>α_t (1 − p_t)^γ</c>, which Quality
/// Focal Loss generalizes.
/// </summary>
/// <param name="gamma">Focusing exponent (official: 2).</param>
/// <param name="alpha">Weight of positives; negatives have 1 − α (official: 0.25).</param>
/// <param name="reduction">Reduction of the elements.</param>
/// <param name="lossWeight">Factor of the result.</param>
/// <param name="backgroundFirst">
/// Whether integer label 0 is background and 1 to C are classes (first official GFL release, mmdetection 1.x). Default: 0 to C − 1 are classes; C
/// and negative labels are background (mmdetection 2.x and 3.x).
/// </param>
public sealed class FocalLoss(
    double gamma = 2,
    double alpha = 0.25,
    LossReduction reduction = LossReduction.Mean,
    double lossWeight = 1,
    bool backgroundFirst = false)
    : nn.Module<Tensor, Tensor, Tensor>(LibTorch.Named(nameof(FocalLoss))), IClassificationLoss
{
    private readonly LossReducer _reducer = new(reduction, lossWeight);
    private readonly double _gamma = LossGuards.RequireAtLeast(gamma, 0, nameof(gamma));
    private readonly double _alpha = alpha is >= 0 and <= 1 ? alpha : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "'alpha' must be between 0 and 1.");

    /// <summary>Computes the loss without weights.</summary>
    /// <param name="prediction">Logits <c>[N, C]</c>.</param>
    /// <param name="target">Integer labels <c>[N]</c>, or targets <c>[N, C]</c> in [0, 1].</param>
    public override Tensor forward(Tensor prediction, Tensor target) => forward(prediction, target, null);

    /// <summary>Computes the loss with weights.</summary>
    /// <param name="prediction">Logits <c>[N, C]</c>.</param>
    /// <param name="target">Integer labels <c>[N]</c>, or targets <c>[N, C]</c> in [0, 1].</param>
    /// <param name="weight">Weights <c>[N]</c> or <c>[N, C]</c>, or null.</param>
    /// <param name="averageFactor">Divisor of the sum for the reduction Mean, or null for N·C.</param>
    public Tensor forward(Tensor prediction, Tensor target, Tensor? weight, double? averageFactor = null)
    {
        LossGuards.RequireMatrix(prediction, nameof(prediction), "[N, C]");
        LossGuards.RequireLive(target, nameof(target));
        if (target.dim() == 2)
        {
            LossGuards.RequireShapeOf(target, nameof(target), prediction, nameof(prediction));
            LossGuards.CheckRange(target, nameof(target), 0, 1, "between 0 and 1");
        }
        else
        {
            LossGuards.RequireIntegers(target, nameof(target));
            LossGuards.RequireRows(target, nameof(target), prediction);
            long classes = prediction.size(1);
            LossGuards.CheckRange(target, nameof(target), long.MinValue, classes, $"0 to {classes - 1}, or {classes} or negative for background");
        }

        if (weight is { IsInvalid: false } && weight.dim() == 1)
        {
            LossGuards.RequireRows(weight, nameof(weight), prediction);
        }
        else
        {
            LossGuards.RequireBroadcast(weight, nameof(weight), prediction);
        }

        LossGuards.RequireFactor(averageFactor);
        LossGuards.CheckNumbers(prediction, nameof(prediction));
        LossGuards.CheckWeight(weight, nameof(weight));
        using DisposeScope scope = NewDisposeScope();
        Tensor dense = target.dim() == prediction.dim()
            ? target.to(prediction.dtype)
            : LabelTargets.Dense(target, ones(target.shape, prediction.dtype, prediction.device), prediction.size(1), backgroundFirst);
        Tensor? rows = weight?.dim() == 1 ? weight.unsqueeze(1) : weight;
        return _reducer.Apply(Elements(prediction, dense, probabilities: false), rows, averageFactor).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    Tensor IClassificationLoss.Compute(Tensor scores, Tensor qualities, Tensor positives, bool scoresAreProbabilities)
    {
        LossGuards.RequireFloatingPoint(scores, nameof(scores));
        LossGuards.RequireShapeOf(qualities, nameof(qualities), scores, nameof(scores));
        LossGuards.RequireShapeOf(positives, nameof(positives), scores, nameof(scores));
        return Elements(scores, positives, scoresAreProbabilities);
    }

    private Tensor Elements(Tensor prediction, Tensor target, bool probabilities)
    {
        Tensor p = probabilities ? prediction : prediction.sigmoid();
        Tensor distance = ((1 - p) * target) + (p * (1 - target));
        Tensor balance = (target * _alpha) + ((1 - target) * (1 - _alpha));
        return BinaryCrossEntropy.Compute(prediction, target, probabilities) * balance * distance.pow(_gamma);
    }
}
