using System.Numerics;

namespace FocalSharp.Losses;

/// <summary>
/// Focal loss (arXiv 1708.02002; GFL paper, eq. 1) in closed form: FL = −w·(1 − p_t)^γ·log p_t with p = σ(logit). For targets
/// between 0 and 1 it is mmdetection's general form: ((1 − p)·y + p·(1 − y))^γ times the cross entropy.
/// </summary>
public static class FocalLossFormula
{
    /// <summary>The γ of the paper and of mmdetection.</summary>
    public const double DefaultGamma = 2;

    /// <summary>The α of the paper and of mmdetection.</summary>
    public const double DefaultAlpha = 0.25;

    /// <summary>Computes the loss and gradient at one logit.</summary>
    /// <param name="logit">x, any finite number.</param>
    /// <param name="target">y: 1 for the class, 0 for the others, or a value between.</param>
    /// <param name="gamma">γ ≥ 0: how strongly easy samples are down-weighted.</param>
    /// <param name="alpha">Weight of positives; negatives are weighted by 1 − α. Null for no weighting.</param>
    public static LossAndGradient<T> Evaluate<T>(T logit, T target, T gamma, T? alpha = null)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireExponent(gamma);
        T p = Sigmoid.Compute(logit);
        T miss = ((T.One - p) * target) + (p * (T.One - target));
        T entropy = Sigmoid.CrossEntropy(logit, target);
        T modulator = Modulator.Power(miss, gamma);
        T slope = Modulator.Slope(miss, gamma) * (T.One - target - target) * p * (T.One - p);
        T weight = alpha is T a ? (a * target) + ((T.One - a) * (T.One - target)) : T.One;
        return new(weight * modulator * entropy, weight * ((slope * entropy) + (modulator * (p - target))));
    }

    /// <summary>Computes the losses and gradients of many logits.</summary>
    /// <param name="logits">Logits.</param>
    /// <param name="targets">The targets, one per logit.</param>
    /// <param name="losses">Receives the losses.</param>
    /// <param name="gradients">Receives the derivatives of each loss by its own logit.</param>
    /// <param name="gamma">γ ≥ 0.</param>
    /// <param name="alpha">Weight of positives, or null.</param>
    public static void Evaluate<T>(
        ReadOnlySpan<T> logits, ReadOnlySpan<T> targets, Span<T> losses, Span<T> gradients, T gamma, T? alpha = null)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireLength(targets.Length, logits.Length);
        SpanGuard.RequireLength(losses.Length, logits.Length);
        SpanGuard.RequireLength(gradients.Length, logits.Length);
        SpanGuard.CheckFractions(targets);
        for (int i = 0; i < logits.Length; i++)
        {
            (losses[i], gradients[i]) = Evaluate(logits[i], targets[i], gamma, alpha);
        }
    }
}
