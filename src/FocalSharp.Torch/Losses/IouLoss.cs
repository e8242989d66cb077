using FocalSharp.Losses;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>A loss of the IoU, with <paramref name="epsilon"/> as its minimum.</summary>
/// <param name="kind">The function of the IoU: <c>IouLog</c> (UnitBox, official default), <c>IouLinear</c> or <c>IouSquare</c>.</param>
/// <param name="reduction">Reduction of the pairs.</param>
/// <param name="lossWeight">Factor of the result.</param>
/// <param name="epsilon">Minimum IoU (official: 1e-6).</param>
/// <param name="firstRelease">
/// Whether to use inclusive pixels and no epsilon in an averaging factor, as the first official release.
/// </param>
public sealed class IouLoss(
    BoxLossKind kind = BoxLossKind.IouLog,
    LossReduction reduction = LossReduction.Mean,
    double lossWeight = 1,
    double epsilon = BoxLoss.DefaultEpsilon,
    bool firstRelease = false)
    : BoxLoss(nameof(IouLoss), reduction, lossWeight, firstRelease)
{
    private protected override bool ReturnsScalarForZeroWeights => Reduction != LossReduction.None;

    private protected override BoxLossKind Kind { get; } = kind is BoxLossKind.IouLog or BoxLossKind.IouLinear or BoxLossKind.IouSquare
        ? kind
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "The kind is not a function of the IoU alone.");

    internal override double Epsilon { get; } = LossGuards.RequireAtLeast(epsilon, 0, nameof(epsilon));

    private protected override Tensor Elements(Tensor prediction, Tensor target)
    {
        Tensor iou = Overlap(prediction, target).clamp_min(Epsilon);
        return Kind switch
        {
            BoxLossKind.IouLog => -iou.log(),
            BoxLossKind.IouLinear => 1 - iou,
            _ => 1 - iou.square(),
        };
    }

    private Tensor Overlap(Tensor prediction, Tensor target)
    {
        if (!FirstRelease)
        {
            return BoxOverlap.Iou(prediction, target, BoxLoss.DefaultEpsilon);
        }

        (Tensor inter, Tensor union) = BoxOverlap.IntersectionAndUnion(prediction, target, pixel: 1);
        return inter / union;
    }
}
