using FocalSharp.Losses;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>1 − distance IoU (arXiv 1911.08287).</summary>
/// <param name="reduction">Reduction of the pairs.</param>
/// <param name="lossWeight">Factor of the result.</param>
/// <param name="epsilon">Added to the union and to the squared diagonal of the enclosing box (official: 1e-6).</param>
public sealed class DiouLoss(LossReduction reduction = LossReduction.Mean, double lossWeight = 1, double epsilon = BoxLoss.DefaultEpsilon)
    : BoxLoss(nameof(DiouLoss), reduction, lossWeight, firstRelease: false)
{
    private protected override BoxLossKind Kind => BoxLossKind.Diou;

    internal override double Epsilon { get; } = LossGuards.RequireAtLeast(epsilon, 0, nameof(epsilon));

    private protected override Tensor Elements(Tensor prediction, Tensor target)
    {
        (Tensor inter, Tensor union) = BoxOverlap.IntersectionAndUnion(prediction, target);
        return 1 - ((inter / (union + Epsilon)) - BoxOverlap.CenterDistanceTerm(prediction, target, Epsilon));
    }
}
