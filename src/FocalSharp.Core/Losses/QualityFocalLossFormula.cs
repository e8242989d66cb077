using System.Numerics;

namespace FocalSharp.Losses;

/// <summary>
/// Quality focal loss (GFL paper, eq. 5) in closed form: QFL(σ) = −|y − σ|^β·((1 − y)·log(1 − σ) + y·log σ), where y is the
/// IoU of the predicted box at the object's class and 0 elsewhere. The minimum is at σ = y.
/// </summary>
public static class QualityFocalLossFormula
{
    /// <summary>The default β, 2: the best of the paper's ablation (0, 1, 2, 2.5, 4) and the value of the official configs.</summary>
    public const double DefaultBeta = 2;

    /// <summary>Computes the loss and gradient at one logit.</summary>
    /// <param name="logit">x with σ = 1/(1 + e⁻ˣ), any finite number.</param>
    /// <param name="quality">y in [0, 1].</param>
    /// <param name="beta">β ≥ 0.</param>
    /// <param name="signed">
    /// Whether the modulating factor is (y − σ)^β for odd integer β, as in the first official release, which does so at positives only. Default:
    /// |y − σ|^β, as in the paper and in mmdetection.
    /// </param>
    public static LossAndGradient<T> Evaluate<T>(
        T logit, T quality, T beta, bool signed = false)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireExponent(beta);
        T p = Sigmoid.Compute(logit);
        T distance = quality - p;
        T entropy = Sigmoid.CrossEntropy(logit, quality);
        (T scale, T slope) = Modulate(distance, beta, signed);
        return new(scale * entropy, (scale * (p - quality)) - (slope * entropy * p * (T.One - p)));
    }

    /// <summary>
    /// Computes the loss and gradient by a probability instead of a logit, for GFLv2, whose scores are products. Logarithms are clamped at
    /// −100, as in PyTorch's binary cross entropy.
    /// </summary>
    /// <param name="probability">σ in [0, 1].</param>
    /// <param name="quality">y in [0, 1].</param>
    /// <param name="beta">β ≥ 0.</param>
    public static LossAndGradient<T> EvaluateProbability<T>(T probability, T quality, T beta)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireExponent(beta);
        T floor = T.CreateChecked(-100);
        T hit = T.Max(T.Log(probability), floor);
        T miss = T.Max(T.Log(T.One - probability), floor);
        T entropy = -((quality * hit) + ((T.One - quality) * miss));
        T slopeOfEntropy = (probability - quality) / T.Max((T.One - probability) * probability, T.CreateChecked(1e-12));
        (T scale, T slope) = Modulate(quality - probability, beta, signed: false);
        return new(scale * entropy, (scale * slopeOfEntropy) - (slope * entropy));
    }

    /// <summary>Computes the losses and gradients of many logits.</summary>
    /// <param name="logits">Logits, for example of shape <c>[N, C]</c>.</param>
    /// <param name="qualities">The targets, one per logit; <see cref="QualityTargets"/> creates them from labels.</param>
    /// <param name="losses">Receives the losses.</param>
    /// <param name="gradients">Receives the derivatives of each loss by its own logit.</param>
    /// <param name="beta">β ≥ 0.</param>
    public static void Evaluate<T>(ReadOnlySpan<T> logits, ReadOnlySpan<T> qualities, Span<T> losses, Span<T> gradients, T beta)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireLength(qualities.Length, logits.Length);
        SpanGuard.RequireLength(losses.Length, logits.Length);
        SpanGuard.RequireLength(gradients.Length, logits.Length);
        SpanGuard.CheckFractions(qualities);
        for (int i = 0; i < logits.Length; i++)
        {
            (losses[i], gradients[i]) = Evaluate(logits[i], qualities[i], beta);
        }
    }

    /// <summary>Returns the modulating factor and its derivative by the distance.</summary>
    private static (T Scale, T Slope) Modulate<T>(T distance, T beta, bool signed)
        where T : struct, IFloatingPointIeee754<T>
    {
        T magnitude = T.Abs(distance);
        T scale = Modulator.Power(magnitude, beta);
        T slope = Modulator.Slope(magnitude, beta);
        return signed && T.IsOddInteger(beta)
            ? (Modulator.Sign(distance) * scale, slope)
            : (scale, slope * Modulator.Sign(distance));
    }
}
