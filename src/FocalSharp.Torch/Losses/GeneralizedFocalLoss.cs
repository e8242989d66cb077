using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// Generalized Focal Loss (paper, eq. 8), the general form of Focal, Quality Focal and Distribution Focal Loss: for labels y_l
/// &lt; y_r around a target y, with probabilities p_l and p_r,
/// <c>−|y − (y_l p_l + y_r p_r)|^β ((y_r − y) log p_l + (y − y_l) log p_r)</c>.
/// </summary>
/// <remarks>
/// A drop-in loss module for networks of your own; detectors use the special cases. Quality Focal Loss: labels 0 and 1 with
/// <see cref="FromLogit"/>. Focal Loss without α: the same with y in {0, 1}. Distribution Focal Loss: β = 0, neighboring bins,
/// and their log probabilities from a softmax over all bins.
/// </remarks>
/// <param name="beta">Exponent of the modulating factor, at least 0.</param>
/// <param name="reduction">Reduction of the elements.</param>
/// <param name="lossWeight">Factor of the result.</param>
public sealed class GeneralizedFocalLoss(double beta = 2, LossReduction reduction = LossReduction.Mean, double lossWeight = 1)
    : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor>(LibTorch.Named(nameof(GeneralizedFocalLoss)))
{
    private readonly double _beta = LossGuards.RequireAtLeast(beta, 0, nameof(beta));

    private readonly LossReducer _reducer = new(reduction, lossWeight);

    /// <summary>Computes the loss without weights.</summary>
    /// <param name="logProbabilities">log p_l and log p_r, <c>[..., 2]</c>.</param>
    /// <param name="target">y, <c>[...]</c>, with <c>y_l ≤ y ≤ y_r</c>.</param>
    /// <param name="left">y_l, broadcastable to the target.</param>
    /// <param name="right">y_r, broadcastable to the target, above y_l.</param>
    public override Tensor forward(Tensor logProbabilities, Tensor target, Tensor left, Tensor right) =>
        forward(logProbabilities, target, left, right, null);

    /// <summary>Computes the loss with weights.</summary>
    /// <param name="logProbabilities">log p_l and log p_r, <c>[..., 2]</c>.</param>
    /// <param name="target">y, <c>[...]</c>, with <c>y_l ≤ y ≤ y_r</c>.</param>
    /// <param name="left">y_l, broadcastable to the target.</param>
    /// <param name="right">y_r, broadcastable to the target, above y_l.</param>
    /// <param name="weight">Weights of the target's shape, or null.</param>
    /// <param name="averageFactor">Divisor of the sum for the reduction Mean, or null for the number of elements.</param>
    public Tensor forward(Tensor logProbabilities, Tensor target, Tensor left, Tensor right, Tensor? weight, double? averageFactor = null)
    {
        LossGuards.RequireFloatingPoint(logProbabilities, nameof(logProbabilities));
        LossGuards.RequireLive(target, nameof(target));
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (logProbabilities.dim() != target.dim() + 1 || logProbabilities.size(-1) != 2 || !logProbabilities.shape.AsSpan(0, (int)target.dim()).SequenceEqual(target.shape))
        {
            throw new ArgumentException(
                $"'{nameof(logProbabilities)}' must have the shape [{string.Join(", ", target.shape.Append(2))}], but has [{string.Join(", ", logProbabilities.shape)}].",
                nameof(logProbabilities));
        }

        LossGuards.RequireNumbersBeside(target, nameof(target), logProbabilities);
        LossGuards.RequireBroadcast(left, nameof(left), target);
        LossGuards.RequireBroadcast(right, nameof(right), target);
        LossGuards.RequireBroadcast(weight, nameof(weight), target);
        LossGuards.RequireFactor(averageFactor);
        LossGuards.CheckRange(logProbabilities, nameof(logProbabilities), double.NegativeInfinity, 0, "logarithms of probabilities, at most 0");
        LossGuards.CheckWeight(weight, nameof(weight));
        CheckOrder(target, left, right);
        using DisposeScope scope = NewDisposeScope();
        Tensor y = target.detach();
        (Tensor logLeft, Tensor logRight) = (logProbabilities.select(-1, 0), logProbabilities.select(-1, 1));
        Tensor loss = -(((right - y) * logLeft) + ((y - left) * logRight));
        if (_beta > 0)
        {
            Tensor distance = y - ((left * logLeft.exp()) + (right * logRight.exp()));
            loss = loss * (_beta == 2 ? distance.square() : distance.abs().pow(_beta));
        }

        return _reducer.Apply(loss, weight, averageFactor).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Computes the log probabilities of the labels 0 and 1 of a binary logit: <c>log(1 − σ)</c> and <c>log σ</c>,
    /// <c>[..., 2]</c>.
    /// </summary>
    public static Tensor FromLogit(Tensor logit)
    {
        LossGuards.RequireFloatingPoint(logit, nameof(logit));
        using DisposeScope scope = NewDisposeScope();
        return stack([nn.functional.logsigmoid(-logit), nn.functional.logsigmoid(logit)], -1).MoveToOuterDisposeScope();
    }

    private static void CheckOrder(Tensor target, Tensor left, Tensor right)
    {
        if (!ValueChecks.AreEnabled || target.numel() == 0)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        if (!left.lt(right).all().item<bool>())
        {
            throw new ArgumentException($"'{nameof(right)}' must be above '{nameof(left)}' everywhere.", nameof(right));
        }

        if (!target.ge(left).logical_and(target.le(right)).all().item<bool>())
        {
            throw new ArgumentException($"'{nameof(target)}' must lie between '{nameof(left)}' and '{nameof(right)}' everywhere.", nameof(target));
        }
    }
}
