using System.Numerics;

namespace FocalSharp.Losses;

/// <summary>Softmax over one row of logits, safe for any finite logits.</summary>
internal static class Softmax
{
    /// <summary>
    /// Fills the probabilities and returns the highest logit and log Σ e^(x − highest). A bin's log p is its logit less the one,
    /// less the other: in this order, since among large logits their sum would round the small one away.
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
