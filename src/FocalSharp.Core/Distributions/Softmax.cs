using System.Numerics;

namespace FocalSharp.Distributions;

/// <summary>Softmax of one row of logits, for any finite logits.</summary>
internal static class Softmax
{
    /// <summary>
    /// Fills the probabilities and returns the highest logit and log Σ e^(x − highest). The log-probability of a bin is its logit minus
    /// the first, minus the second, in this order, because for large logits their sum would lose the small one to rounding.
    /// </summary>
    public static (T Highest, T LogSum) Fill<T>(ReadOnlySpan<T> logits, Span<T> probabilities)
        where T : struct, IFloatingPointIeee754<T>
    {
        T highest = logits[0];
        foreach (T logit in logits)
        {
            highest = T.Max(highest, logit);
        }

        T sum = T.Zero;
        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] = T.Exp(logits[i] - highest);
            sum += probabilities[i];
        }

        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] /= sum;
        }

        return (highest, T.Log(sum));
    }
}
