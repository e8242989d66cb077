using System.Numerics;
using System.Runtime.Intrinsics;

namespace FocalSharp.Distributions;

/// <summary>
/// The paper's integral: the expectation of a side's learned distribution, <c>Σ P(i)·i</c> over the bins 0..n, with P the softmax of
/// the logits (paper, eq. 4).
/// </summary>
public static class DistributionMath
{
    /// <summary>The expectation, in bins (strides): a number in [0, n].</summary>
    /// <param name="logits">n + 1 logits.</param>
    public static float Expectation(ReadOnlySpan<float> logits) => Moments(logits).Mean;

    /// <summary>The expectation and the standard deviation, in bins (strides).</summary>
    /// <param name="logits">n + 1 logits. Where any is NaN, so is the result.</param>
    public static (float Mean, float Deviation) Moments(ReadOnlySpan<float> logits)
    {
        if (logits.IsEmpty)
        {
            throw new ArgumentException("A distribution has at least one bin.", nameof(logits));
        }

        // Distances are counted from the highest bin, so that the variance of a narrow distribution is no difference of large squares.
        (float largest, int peak) = Peak(logits);
        Vector256<float> shift = Vector256.Create(largest);
        (Vector256<float> sums, Vector256<float> firsts, Vector256<float> seconds) = (default, default, default);
        Vector256<float> bins = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7) - Vector256.Create((float)peak);
        int i = 0;
        for (; i <= logits.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> mass = Vector256.Exp(Vector256.Create(logits.Slice(i, Vector256<float>.Count)) - shift);
            sums += mass;
            firsts += mass * bins;
            seconds += mass * bins * bins;
            bins += Vector256.Create(8f);
        }

        (float sum, float first, float second) = (Vector256.Sum(sums), Vector256.Sum(firsts), Vector256.Sum(seconds));
        for (; i < logits.Length; i++)
        {
            float mass = MathF.Exp(logits[i] - largest);
            sum += mass;
            first += mass * (i - peak);
            second += mass * (i - peak) * (i - peak);
        }

        float mean = first / sum;
        return (peak + mean, MathF.Sqrt(Math.Max((second / sum) - (mean * mean), 0)));
    }

    /// <summary>Turns logits into probabilities that sum to 1, in place of <paramref name="probabilities"/>.</summary>
    /// <param name="logits">n + 1 logits.</param>
    /// <param name="probabilities">Receives as many probabilities.</param>
    public static void Softmax<T>(ReadOnlySpan<T> logits, Span<T> probabilities)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (logits.IsEmpty || probabilities.Length != logits.Length)
        {
            throw new ArgumentException($"{logits.Length} logits need as many probabilities; there is room for {probabilities.Length}.", nameof(probabilities));
        }

        T largest = logits[0];
        foreach (T logit in logits)
        {
            largest = T.Max(largest, logit);
        }

        T sum = T.Zero;
        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] = T.Exp(logits[i] - largest);
            sum += probabilities[i];
        }

        foreach (ref T probability in probabilities)
        {
            probability /= sum;
        }
    }

    private static (float Largest, int Bin) Peak(ReadOnlySpan<float> logits)
    {
        (float largest, int bin) = (logits[0], 0);
        for (int i = 1; i < logits.Length; i++)
        {
            // A NaN stays: it shall spoil the result rather than vanish.
            if (logits[i] > largest || float.IsNaN(logits[i]))
            {
                (largest, bin) = (logits[i], i);
            }
        }

        return (largest, bin);
    }
}
