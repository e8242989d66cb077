using System.Numerics;
using FocalSharp.Distributions;

namespace FocalSharp.Losses;

/// <summary>
/// Distribution focal loss (GFL paper, eq. 6) in closed form: DFL = −((y_{i+1} − y)·log S_i + (y − y_i)·log S_{i+1}), which pulls
/// a softmax over the bins 0, 1, …, n towards the two bins around the target y. It is smallest where S_i = y_{i+1} − y and
/// S_{i+1} = y − y_i, and the expectation then equals y.
/// </summary>
public static class DistributionFocalLossFormula
{
    /// <summary>Computes the loss of one side and its gradient by the logits.</summary>
    /// <param name="logits">n + 1 logits, one per bin.</param>
    /// <param name="target">
    /// y; outside [0, n] it is clamped to it, as the official code clamps the distances that it encodes. At y = n, where that code reads beyond its
    /// bins, all weight is on the last bin.
    /// </param>
    /// <param name="gradient">Receives the n + 1 derivatives.</param>
    /// <exception cref="ArgumentException">There are fewer than two bins.</exception>
    public static T Evaluate<T>(ReadOnlySpan<T> logits, T target, Span<T> gradient)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireLength(gradient.Length, logits.Length);
        int last = logits.Length - 1;
        if (last < 1)
        {
            throw new ArgumentException($"There must be logits of at least two bins, got {logits.Length}.", nameof(logits));
        }

        target = T.Clamp(target, T.Zero, T.CreateChecked(last));
        int left = Math.Min(int.CreateTruncating(target), last - 1);
        T toRight = T.CreateChecked(left + 1) - target;
        T toLeft = target - T.CreateChecked(left);
        (T highest, T logSum) = Softmax.Fill(logits, gradient);
        gradient[left] -= toRight;
        gradient[left + 1] -= toLeft;
        return ((highest - logits[left] + logSum) * toRight) + ((highest - logits[left + 1] + logSum) * toLeft);
    }

    /// <summary>Computes the losses and gradients of many sides.</summary>
    /// <param name="logits">Logits <c>[N, n + 1]</c>, row by row.</param>
    /// <param name="targets">N targets; outside [0, n] they are clamped to it.</param>
    /// <param name="losses">Receives the N losses.</param>
    /// <param name="gradients">Receives the derivatives of each row's loss by its own logits, <c>[N, n + 1]</c>.</param>
    /// <exception cref="ArgumentException">There are fewer than two bins, or the lengths do not match.</exception>
    public static void Evaluate<T>(ReadOnlySpan<T> logits, ReadOnlySpan<T> targets, Span<T> losses, Span<T> gradients)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireLength(losses.Length, targets.Length);
        int bins = targets.IsEmpty ? 0 : logits.Length / targets.Length;
        SpanGuard.RequireLength(logits.Length, bins * targets.Length);
        SpanGuard.RequireLength(gradients.Length, bins * targets.Length);
        for (int row = 0; row < targets.Length; row++)
        {
            losses[row] = Evaluate(logits.Slice(row * bins, bins), targets[row], gradients.Slice(row * bins, bins));
        }
    }
}
