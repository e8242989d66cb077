using FocalSharp.Losses;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>1 − generalized IoU (arXiv 1902.09630), the paper's box loss.</summary>
/// <param name="reduction">Reduction of the pairs.</param>
/// <param name="lossWeight">Factor of the result (official detectors: 2).</param>
/// <param name="epsilon">Minimum union and minimum enclosing area (official: 1e-6).</param>
/// <param name="firstRelease">
/// Whether to compute as the first official release: inclusive pixels (<c>x2 − x1 + 1</c>), epsilon added to the areas, none to
/// an averaging factor.
/// </param>
public sealed class GiouLoss(
    LossReduction reduction = LossReduction.Mean, double lossWeight = 1, double epsilon = BoxLoss.DefaultEpsilon, bool firstRelease = false)
    : BoxLoss(nameof(GiouLoss), reduction, lossWeight, firstRelease)
{
    private protected override BoxLossKind Kind => BoxLossKind.Giou;

    internal override double Epsilon { get; } = LossGuards.RequireAtLeast(epsilon, 0, nameof(epsilon));

    private protected override Tensor Elements(Tensor prediction, Tensor target)
    {
        if (!FirstRelease)
        {
            return 1 - BoxOverlap.Giou(prediction, target, Epsilon).Giou;
        }

        (Tensor inter, Tensor union) = BoxOverlap.IntersectionAndUnion(prediction, target, pixel: 1);
        union = union + Epsilon;
        Tensor hull = BoxOverlap.EnclosingExtent(prediction, target, pixel: 1).prod(1) + Epsilon;
        return 1 - ((inter / union) - ((hull - union) / hull));
    }
}
