namespace FocalSharp.Losses.Vectorized;

/// <summary>Distribution focal loss of one side in float32, without the logarithm of the softmax sum; equivalent to <see cref="DistributionFocalLossFormula"/>.</summary>
internal static class DistributionFocalRow
{
    /// <summary>
    /// Subtracts the targets of the two bins from the probabilities, which makes them the gradient, and returns the loss minus log Σ e^(x − highest):
    /// the two targets sum to 1, so that this logarithm counts once.
    /// </summary>
    /// <param name="logits">n + 1 logits.</param>
    /// <param name="target">y; outside [0, n] it is clamped to it.</param>
    /// <param name="highest">The highest logit.</param>
    /// <param name="gradient">The probabilities times <paramref name="scale"/>; receives the derivatives.</param>
    /// <param name="scale">Factor of every derivative, but not of the returned loss.</param>
    public static float Finish(ReadOnlySpan<float> logits, float target, float highest, Span<float> gradient, float scale = 1)
    {
        target = Math.Clamp(target, 0, logits.Length - 1);
        int left = Math.Clamp((int)target, 0, logits.Length - 2);
        float toLeft = target - left;
        float toRight = left + 1 - target;
        gradient[left] -= toRight * scale;
        gradient[left + 1] -= toLeft * scale;
        return ((highest - logits[left]) * toRight) + ((highest - logits[left + 1]) * toLeft);
    }
}
