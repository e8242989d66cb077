using FocalSharp.Losses;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// 1 − complete IoU (arXiv 1911.08287), which is clamped to [−1, 1]. Equal boxes give 0; the official float32 code gives NaN.
/// </summary>
/// <param name="reduction">Reduction of the pairs.</param>
/// <param name="lossWeight">Factor of the result.</param>
/// <param name="epsilon">Added to the union, the squared diagonal of the enclosing box and the heights (official: 1e-6).</param>
public sealed class CiouLoss(LossReduction reduction = LossReduction.Mean, double lossWeight = 1, double epsilon = BoxLoss.DefaultEpsilon)
    : BoxLoss(nameof(CiouLoss), reduction, lossWeight, firstRelease: false)
{
    private protected override BoxLossKind Kind => BoxLossKind.Ciou;

    internal override double Epsilon { get; } = LossGuards.RequireAtLeast(epsilon, 0, nameof(epsilon));

    private protected override Tensor Elements(Tensor prediction, Tensor target)
    {
        (Tensor inter, Tensor union) = BoxOverlap.IntersectionAndUnion(prediction, target);
        Tensor iou = inter / (union + Epsilon);
        Tensor angle = Angle(target) - Angle(prediction);
        Tensor aspect = angle.square() * (4 / (Math.PI * Math.PI));
        Tensor share = BoxOverlap.CenterDistanceTerm(prediction, target, Epsilon) + (Tradeoff(iou, aspect) * aspect);
        return 1 - (iou - share).clamp(-1, 1);
    }

    private static Tensor Tradeoff(Tensor iou, Tensor aspect)
    {
        using IDisposable guard = no_grad();
        Tensor alpha = iou.gt(0.5).to(iou.dtype) * aspect / (1 - iou + aspect);

        // Equal boxes give 0/0, since epsilon is lost to rounding; their aspect term is 0.
        return where(aspect.gt(0), alpha, zeros_like(alpha));
    }

    private Tensor Angle(Tensor box)
    {
        Tensor side = BoxOverlap.Extent(BoxOverlap.TopLeft(box), BoxOverlap.BottomRight(box), 0);
        return (side.select(1, 0) / (side.select(1, 1) + Epsilon)).atan();
    }
}
