using FocalSharp.Torch.Losses.Fused;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// Distribution Focal Loss (paper, eq. 6): cross-entropy on the two bins next to the target, weighted by their distance to it,
/// <c>−((i + 1 − y) log S(i) + (y − i) log S(i + 1))</c> with <c>i = floor(y)</c> and S the softmax over all bins.
/// </summary>
/// <param name="reduction">Reduction of the rows.</param>
/// <param name="lossWeight">Factor of the result (official detectors: 0.25).</param>
/// <param name="firstRelease">Whether to add no epsilon to an averaging factor, as the first official release.</param>
public sealed class DistributionFocalLoss(LossReduction reduction = LossReduction.Mean, double lossWeight = 1, bool firstRelease = false)
    : nn.Module<Tensor, Tensor, Tensor>(LibTorch.Named(nameof(DistributionFocalLoss)))
{
    private readonly LossReducer _reducer = new(reduction, lossWeight, firstRelease ? 0 : LossReducer.FloatEpsilon);

    /// <summary>Computes the loss without weights.</summary>
    /// <param name="prediction">Logits <c>[N, n+1]</c>.</param>
    /// <param name="target">Distances in bins <c>[N]</c>; outside [0, n] they are clamped to it, as the official code clamps what it encodes.</param>
    public override Tensor forward(Tensor prediction, Tensor target) => forward(prediction, target, null);

    /// <summary>Computes the loss with weights.</summary>
    /// <param name="prediction">Logits <c>[N, n+1]</c>.</param>
    /// <param name="target">Distances in bins <c>[N]</c>; outside [0, n] they are clamped to it, as the official code clamps what it encodes.</param>
    /// <param name="weight">Weights <c>[N]</c>, or null.</param>
    /// <param name="averageFactor">Divisor of the sum for the reduction Mean, or null for N.</param>
    public Tensor forward(Tensor prediction, Tensor target, Tensor? weight, double? averageFactor = null)
    {
        LossGuards.RequireMatrix(prediction, nameof(prediction), "[N, n + 1] with at least two bins", minColumns: 2);
        ArgumentNullException.ThrowIfNull(target);
        LossGuards.RequireRows(target, nameof(target), prediction);
        LossGuards.RequireRows(weight, nameof(weight), prediction);
        LossGuards.RequireFactor(averageFactor);
        LossGuards.CheckNumbers(prediction, nameof(prediction));
        LossGuards.CheckWeight(weight, nameof(weight));
        LossGuards.CheckRange(target, nameof(target), 0, prediction.size(1) - 1, $"within the bins 0 to {prediction.size(1) - 1}");
        using DisposeScope scope = NewDisposeScope();
        bool fits = NativeFloat32.Supports(prediction) && prediction.dim() == 2 && prediction.size(1) >= 2 && !target.requires_grad
            && target.numel() == prediction.size(0);
        if (fits && _reducer.TryGetRowScale(weight, averageFactor, prediction.size(0)) is RowLossScale factors)
        {
            return FusedDistributionFocal.Apply(prediction, NativeCopy.ToArray<float>(target.to(float32)), factors).MoveToOuterDisposeScope();
        }

        return _reducer.Apply(Elements(prediction, target), weight, averageFactor).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the loss of each row.</summary>
    internal static Tensor Elements(Tensor prediction, Tensor target)
    {
        // A target of exactly n, an index error in the official code, has its whole weight on the right bin.
        target = target.clamp(0, prediction.size(1) - 1);
        Tensor left = target.detach().floor().clamp(0, prediction.size(1) - 2);
        Tensor right = target - left;
        Tensor index = left.to(int64).unsqueeze(1);
        Tensor logs = nn.functional.log_softmax(prediction, 1);
        Tensor near = logs.gather(1, index).squeeze(1) * (1 - right);
        return -(near + (logs.gather(1, index + 1).squeeze(1) * right));
    }
}
