using System.Numerics;

namespace FocalSharp.Losses;

/// <summary>
/// Generalized focal loss (GFL paper, eq. 7) in closed form: for probabilities p_l, p_r of two neighboring labels y_l &lt;
/// y_r and a target y between them, GFL = −|y − (y_l·p_l + y_r·p_r)|^β·((y_r − y)·log p_l + (y − y_l)·log p_r). It is
/// smallest at p_l = (y_r − y)/(y_r − y_l), p_r = (y − y_l)/(y_r − y_l) (eq. 8), where the expectation equals y. Focal loss
/// (y_l, y_r = 0, 1 and y one of them), quality focal loss (0, 1) and distribution focal loss (β = 0, neighboring bins) are
/// special cases.
/// </summary>
public static class GeneralizedFocalLossFormula
{
    /// <summary>Computes the loss and its derivatives by p_l and p_r as independent variables.</summary>
    /// <param name="left">p_l in [0, 1].</param>
    /// <param name="right">p_r in [0, 1]; 1 − p_l for two outcomes, less within a softmax over more.</param>
    /// <param name="target">y in [y_l, y_r].</param>
    /// <param name="leftLabel">y_l.</param>
    /// <param name="rightLabel">y_r, above y_l.</param>
    /// <param name="beta">β ≥ 0.</param>
    /// <returns>
    /// The loss and its two derivatives. Logarithms are clamped at −100, so that the loss is finite at p = 0.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The labels are out of order, or the target is not between them.</exception>
    public static GeneralizedFocalLossValue<T> Evaluate<T>(T left, T right, T target, T leftLabel, T rightLabel, T beta)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireExponent(beta);
        RequireOrder(target, leftLabel, rightLabel);
        T toRight = rightLabel - target;
        T toLeft = target - leftLabel;
        T entropy = -((toRight * Log(left)) + (toLeft * Log(right)));
        T error = target - ((leftLabel * left) + (rightLabel * right));
        T scale = Modulator.Power(T.Abs(error), beta);
        T slope = Modulator.Slope(T.Abs(error), beta) * Modulator.Sign(error) * entropy;
        return new(
            scale * entropy,
            -(slope * leftLabel) - (scale * toRight / Positive(left)),
            -(slope * rightLabel) - (scale * toLeft / Positive(right)));
    }

    /// <summary>
    /// Computes the loss and gradient by the logit x of two outcomes, p_r = σ(x) and p_l = 1 − σ(x). Finite for every finite logit.
    /// </summary>
    /// <param name="logit">x.</param>
    /// <param name="target">y in [y_l, y_r].</param>
    /// <param name="leftLabel">y_l.</param>
    /// <param name="rightLabel">y_r, above y_l.</param>
    /// <param name="beta">β ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The labels are out of order, or the target is not between them.</exception>
    public static LossAndGradient<T> EvaluateLogit<T>(T logit, T target, T leftLabel, T rightLabel, T beta)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireExponent(beta);
        RequireOrder(target, leftLabel, rightLabel);
        T width = rightLabel - leftLabel;
        T p = Sigmoid.Compute(logit);
        T toLeft = target - leftLabel;
        T entropy = ((rightLabel - target) * Sigmoid.Softplus(logit)) + (toLeft * Sigmoid.Softplus(-logit));
        T error = toLeft - (width * p);
        T scale = Modulator.Power(T.Abs(error), beta);
        T slope = Modulator.Slope(T.Abs(error), beta) * Modulator.Sign(error);
        return new(scale * entropy, (-error * scale) - (slope * entropy * width * p * (T.One - p)));
    }

    /// <summary>Computes the losses and gradients of many logits with the same two labels.</summary>
    /// <param name="logits">Logits.</param>
    /// <param name="targets">The targets, one per logit, in [y_l, y_r].</param>
    /// <param name="losses">Receives the losses.</param>
    /// <param name="gradients">Receives the derivatives of each loss by its own logit.</param>
    /// <param name="leftLabel">y_l.</param>
    /// <param name="rightLabel">y_r, above y_l.</param>
    /// <param name="beta">β ≥ 0.</param>
    public static void EvaluateLogits<T>(
        ReadOnlySpan<T> logits, ReadOnlySpan<T> targets, Span<T> losses, Span<T> gradients, T leftLabel, T rightLabel, T beta)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireLength(targets.Length, logits.Length);
        SpanGuard.RequireLength(losses.Length, logits.Length);
        SpanGuard.RequireLength(gradients.Length, logits.Length);
        for (int i = 0; i < logits.Length; i++)
        {
            (losses[i], gradients[i]) = EvaluateLogit(logits[i], targets[i], leftLabel, rightLabel, beta);
        }
    }

    private static T Log<T>(T probability)
        where T : struct, IFloatingPointIeee754<T> => T.Max(T.Log(probability), T.CreateChecked(-100));

    private static T Positive<T>(T probability)
        where T : struct, IFloatingPointIeee754<T> => T.Max(probability, T.CreateChecked(1e-12));

    private static void RequireOrder<T>(T target, T leftLabel, T rightLabel)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (!(leftLabel < rightLabel && target >= leftLabel && target <= rightLabel))
        {
            throw new ArgumentOutOfRangeException(
                nameof(target), target, $"The target must lie between the labels {leftLabel} and {rightLabel}, and the left label must be below the right.");
        }
    }
}
