namespace FocalSharp.Losses.Vectorized;

/// <summary>Distribution focal loss of one side in float32; the same as <see cref="DistributionFocalLossFormula"/>.</summary>
internal static class DistributionFocalRow
{
    /// <summary>The loss, and the softmax's probabilities with the two bins' targets taken off: its gradient.</summary>
    /// <param name="logits">n + 1 logits.</param>
    /// <param name="target">y, clamped to [0, n].</param>
    /// <param name="gradient">Receives n + 1 derivatives.</param>
    /// <param name="scale">Factor of every derivative (not of the loss returned).</param>
    public static float Evaluate(ReadOnlySpan<float> logits, float target, Span<float> gradient, float scale = 1)
    {
        (float highest, float logSum) = SoftmaxRow.Fill(logits, gradient, scale);
        return Finish(logits, target, highest, logSum, gradient, scale);
    }

    /// <summary>The same where <paramref name="gradient"/> holds the scaled probabilities already.</summary>
    public static float Finish(ReadOnlySpan<float> logits, float target, float highest, float logSum, Span<float> gradient, float scale = 1)
    {
        int left = Math.Clamp((int)target, 0, logits.Length - 2);
        float toLeft = target - left;
        float toRight = left + 1 - target;
        gradient[left] -= toRight * scale;
        gradient[left + 1] -= toLeft * scale;
        return ((highest - logits[left] + logSum) * toRight) + ((highest - logits[left + 1] + logSum) * toLeft);
    }
}
