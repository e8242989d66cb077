namespace FocalSharp.Losses.Vectorized;

/// <summary>Distribution focal loss of one side in float32, but for the logarithm of its softmax's sum; the same as <see cref="DistributionFocalLossFormula"/>.</summary>
internal static class DistributionFocalRow
{
    /// <summary>
    /// Takes the two bins' targets off the softmax's probabilities, which makes them the gradient, and returns the loss less log Σ e^(x − highest):
    /// the two targets sum to 1, so that this logarithm counts once.
    /// </summary>
    /// <param name="logits">n + 1 logits.</param>
    /// <param name="target">y, clamped to [0, n].</param>
    /// <param name="highest">The highest logit.</param>
    /// <param name="gradient">The probabilities times <paramref name="scale"/>; their derivatives from now on.</param>
    /// <param name="scale">Factor of every derivative (not of the loss returned).</param>
    public static float Finish(ReadOnlySpan<float> logits, float target, float highest, Span<float> gradient, float scale = 1)
    {
        int left = Math.Clamp((int)target, 0, logits.Length - 2);
        float toLeft = target - left;
        float toRight = left + 1 - target;
        gradient[left] -= toRight * scale;
        gradient[left + 1] -= toLeft * scale;
        return ((highest - logits[left]) * toRight) + ((highest - logits[left + 1]) * toLeft);
    }
}
