using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// The general form of the paper (eq. 8), of which focal, quality focal and distribution focal loss are special cases: for labels
/// y_l &lt; y_r around a target y, and their probabilities p_l and p_r,
/// <c>−|y − (y_l p_l + y_r p_r)|^β ((y_r − y) log p_l + (y − y_l) log p_r)</c>.
/// </summary>
/// <remarks>
/// Quality focal loss: labels 0 and 1 with <see cref="FromLogit"/>. Focal loss without α: the same with y in {0, 1}. Distribution focal
/// loss: β = 0, neighbouring bins, and their two log probabilities out of a softmax over all bins.
/// </remarks>
/// <param name="beta">Modulator's exponent, at least 0.</param>
/// <param name="reduction">How elements are combined.</param>
/// <param name="lossWeight">Factor of the result.</param>
public sealed class GeneralizedFocalLoss(double beta = 2, LossReduction reduction = LossReduction.Mean, double lossWeight = 1)
    : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor>(nameof(GeneralizedFocalLoss))
{
    private readonly double _beta = beta >= 0
        ? beta
        : throw new ArgumentOutOfRangeException(nameof(beta), beta, "The modulator's exponent is at least 0.");

    private readonly LossReducer _reducer = new(reduction, lossWeight);

    /// <summary>The loss without weights.</summary>
    /// <param name="logProbabilities">log p_l and log p_r, <c>[..., 2]</c>.</param>
    /// <param name="target">y, <c>[...]</c>, with <c>y_l ≤ y ≤ y_r</c>.</param>
    /// <param name="left">y_l, broadcastable to the target.</param>
    /// <param name="right">y_r, broadcastable to the target, above y_l.</param>
    public override Tensor forward(Tensor logProbabilities, Tensor target, Tensor left, Tensor right) =>
        forward(logProbabilities, target, left, right, null);

    /// <summary>The loss with weights.</summary>
    /// <param name="logProbabilities">log p_l and log p_r, <c>[..., 2]</c>.</param>
    /// <param name="target">y, <c>[...]</c>, with <c>y_l ≤ y ≤ y_r</c>.</param>
    /// <param name="left">y_l, broadcastable to the target.</param>
    /// <param name="right">y_r, broadcastable to the target, above y_l.</param>
    /// <param name="weight">Weights of the target's shape, or null.</param>
    /// <param name="averageFactor">What a Mean divides the sum by, or null for the number of elements.</param>
    public Tensor forward(Tensor logProbabilities, Tensor target, Tensor left, Tensor right, Tensor? weight, double? averageFactor = null)
    {
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

    /// <summary>The log probabilities of the labels 0 and 1 of a binary logit: <c>log(1 − σ)</c> and <c>log σ</c>, <c>[..., 2]</c>.</summary>
    public static Tensor FromLogit(Tensor logit)
    {
        using DisposeScope scope = NewDisposeScope();
        return stack([nn.functional.logsigmoid(-logit), nn.functional.logsigmoid(logit)], -1).MoveToOuterDisposeScope();
    }
}
