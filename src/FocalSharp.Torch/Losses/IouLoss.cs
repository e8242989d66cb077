using FocalSharp.Losses;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>A loss of the IoU, with <paramref name="epsilon"/> as its minimum.</summary>
/// <param name="mode">Logarithm, linear or square.</param>
/// <param name="reduction">Reduction of the pairs.</param>
/// <param name="lossWeight">Factor of the result.</param>
/// <param name="epsilon">Minimum IoU (official: 1e-6).</param>
/// <param name="firstRelease">
/// Whether to use inclusive pixels and no epsilon in an averaging factor, as the first official release.
/// </param>
public sealed class IouLoss(
    IouLossMode mode = IouLossMode.Log,
    LossReduction reduction = LossReduction.Mean,
    double lossWeight = 1,
    double epsilon = BoxLoss.DefaultEpsilon,
    bool firstRelease = false)
    : BoxLoss(nameof(IouLoss), reduction, lossWeight, firstRelease)
{
    private protected override bool ReturnsScalarForZeroWeights => Reduction != LossReduction.None;

    private protected override BoxLossKind Kind => mode switch
    {
        IouLossMode.Log => BoxLossKind.IouLog,
        IouLossMode.Linear => BoxLossKind.IouLinear,
        IouLossMode.Square => BoxLossKind.IouSquare,
        _ => throw new InvalidOperationException($"{mode} is not an IoU loss mode."),
    };

    internal override double Epsilon => epsilon;

    private protected override Tensor Elements(Tensor prediction, Tensor target)
    {
        Tensor iou = Overlap(prediction, target).clamp_min(epsilon);
        return mode switch
        {
            IouLossMode.Log => -iou.log(),
            IouLossMode.Linear => 1 - iou,
            IouLossMode.Square => 1 - iou.square(),
            _ => throw new InvalidOperationException($"{mode} is not an IoU loss mode."),
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
