using System.Numerics;
using System.Runtime.Intrinsics;

namespace FocalSharp.Distributions;

/// <summary>
/// The integral of the paper: the expectation of a side's learned distribution, <c>Σ P(i)·i</c> over the bins 0..n, where P is the softmax of
/// the logits (paper, eq. 4).
/// </summary>
internal static class DistributionMath
{
    /// <summary>Returns the expectation, in bins (strides), in [0, n].</summary>
    /// <param name="logits">n + 1 logits.</param>
    public static float Expectation(ReadOnlySpan<float> logits) => Moments(logits).Mean;

    /// <summary>Returns the expectation and the standard deviation, in bins (strides).</summary>
    /// <param name="logits">n + 1 logits; if any is NaN, the result is NaN.</param>
    public static (float Mean, float Deviation) Moments(ReadOnlySpan<float> logits)
    {
        if (logits.IsEmpty)
        {
            throw new ArgumentException("A distribution has at least one bin.", nameof(logits));
        }

        // Distances are measured from the highest bin, so that the variance of a narrow distribution is not a difference of large squares.
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

    /// <summary>Computes the softmax of logits.</summary>
    /// <param name="logits">n + 1 logits.</param>
    /// <param name="probabilities">Receives the probabilities, which sum to 1.</param>
    public static void Softmax<T>(ReadOnlySpan<T> logits, Span<T> probabilities)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (logits.IsEmpty || probabilities.Length != logits.Length)
        {
            throw new ArgumentException($"{logits.Length} logits need as many probabilities, at least one; the destination has {probabilities.Length}.", nameof(probabilities));
        }

        Distributions.Softmax.Fill(logits, probabilities);
    }

    private static (float Largest, int Bin) Peak(ReadOnlySpan<float> logits)
    {
        (float largest, int bin) = (logits[0], 0);
        for (int i = 1; i < logits.Length; i++)
        {
            // NaN is retained, so that the result is NaN.
            if (logits[i] > largest || float.IsNaN(logits[i]))
            {
                (largest, bin) = (logits[i], i);
            }
        }

        return (largest, bin);
    }
}
