using System.Numerics;

namespace FocalSharp.Losses;

/// <summary>
/// Varifocal loss (arXiv 2008.13367, eq. 2) in closed form: cross entropy weighted by y at positives and by α·σ^γ at
/// negatives. Unlike the quality focal loss, it down-weights negatives only.
/// </summary>
public static class VarifocalLossFormula
{
    /// <summary>The α of mmdetection.</summary>
    public const double DefaultAlpha = 0.75;

    /// <summary>The γ of mmdetection.</summary>
    public const double DefaultGamma = 2;

    /// <summary>Computes the loss and gradient at one logit.</summary>
    /// <param name="logit">x with σ = 1/(1 + e⁻ˣ), any finite number.</param>
    /// <param name="quality">y in [0, 1]; a positive if above 0.</param>
    /// <param name="alpha">Weight of negatives.</param>
    /// <param name="gamma">γ ≥ 0.</param>
    /// <param name="iouWeighted">Whether positives are weighted by y (default) rather than 1.</param>
    public static LossAndGradient<T> Evaluate<T>(T logit, T quality, T alpha, T gamma, bool iouWeighted = true)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireExponent(gamma);
        T p = Sigmoid.Compute(logit);
        T entropy = Sigmoid.CrossEntropy(logit, quality);
        if (quality > T.Zero)
        {
            T weight = iouWeighted ? quality : T.One;
            return new(weight * entropy, weight * (p - quality));
        }

        T distance = T.Abs(p - quality);
        T scale = alpha * Modulator.Power(distance, gamma);
        T slope = alpha * Modulator.Slope(distance, gamma) * Modulator.Sign(p - quality) * p * (T.One - p);
        return new(scale * entropy, (slope * entropy) + (scale * (p - quality)));
    }

    /// <summary>Computes the losses and gradients of many logits.</summary>
    /// <param name="logits">Logits.</param>
    /// <param name="qualities">The targets, one per logit.</param>
    /// <param name="losses">Receives the losses.</param>
    /// <param name="gradients">Receives the derivatives of each loss by its own logit.</param>
    /// <param name="alpha">Weight of negatives.</param>
    /// <param name="gamma">γ ≥ 0.</param>
    public static void Evaluate<T>(
        ReadOnlySpan<T> logits, ReadOnlySpan<T> qualities, Span<T> losses, Span<T> gradients, T alpha, T gamma)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireLength(qualities.Length, logits.Length);
        SpanGuard.RequireLength(losses.Length, logits.Length);
        SpanGuard.RequireLength(gradients.Length, logits.Length);
        SpanGuard.CheckFractions(qualities);
        for (int i = 0; i < logits.Length; i++)
        {
            (losses[i], gradients[i]) = Evaluate(logits[i], qualities[i], alpha, gamma);
        }
    }
}
