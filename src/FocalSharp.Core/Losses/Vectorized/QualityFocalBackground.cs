using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Losses.Vectorized;

/// <summary>
/// Quality focal loss for a target of 0, σ^β·log(1 + eˣ), with its gradient in one pass over float32. All but a few hundred of a
/// detector's logits are of this kind.
/// </summary>
internal static class QualityFocalBackground
{
    // The rounding error of a float32 sum of this many vectors is near 1e-7; the sums of the blocks are added in float64.
    private const int BlockVectors = 32;

    /// <summary>Returns the sum of the losses; gradients are those of the scaled sum.</summary>
    /// <param name="logits">Any finite logits.</param>
    /// <param name="beta">β ≥ 0.</param>
    /// <param name="scale">Factor of every gradient, but not of the returned sum.</param>
    /// <param name="gradients">Receives the derivatives, one per logit; may be <paramref name="logits"/> itself.</param>
    public static double Evaluate(ReadOnlySpan<float> logits, float beta, float scale, Span<float> gradients)
    {
        SpanGuard.RequireLength(gradients.Length, logits.Length);
        ref float source = ref MemoryMarshal.GetReference(logits);
        ref float target = ref MemoryMarshal.GetReference(gradients);
        int whole = logits.Length - (logits.Length % VectorMath.Width);
        double total = 0;
        for (int block = 0; block < whole; block += BlockVectors * VectorMath.Width)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            int end = Math.Min(block + (BlockVectors * VectorMath.Width), whole);
            for (int i = block; i < end; i += VectorMath.Width)
            {
                (Vector512<float> loss, Vector512<float> slope) = Evaluate(Vector512.LoadUnsafe(ref source, (nuint)i), beta);
                (slope * scale).StoreUnsafe(ref target, (nuint)i);
                sum += loss;
            }

            total += Vector512.Sum(sum);
        }

        return whole == logits.Length ? total : total + Tail(logits[whole..], beta, scale, gradients[whole..]);
    }

    /// <summary>Removes the gradient of every logit above a limit, and returns the sum of their losses.</summary>
    /// <param name="logits">The logits that were evaluated.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="beta">β as evaluated.</param>
    /// <param name="gradients">The derivatives; set to 0 where the limit is exceeded.</param>
    public static double IgnoreAbove(ReadOnlySpan<float> logits, float limit, float beta, Span<float> gradients)
    {
        SpanGuard.RequireLength(gradients.Length, logits.Length);
        double ignoredLoss = 0;
        for (int block = 0; block < logits.Length; block += VectorMath.Width)
        {
            int end = Math.Min(block + VectorMath.Width, logits.Length);
            if (end - block == VectorMath.Width && !Vector512.GreaterThanAny(Vector512.Create(logits[block..end]), Vector512.Create(limit)))
            {
                continue; // nearly all: background is far below
            }

            for (int i = block; i < end; i++)
            {
                if (logits[i] > limit)
                {
                    ignoredLoss += QualityFocalLossFormula.Evaluate(logits[i], 0f, beta).Loss;
                    gradients[i] = 0;
                }
            }
        }

        return ignoredLoss;
    }

    private static double Tail(ReadOnlySpan<float> logits, float beta, float scale, Span<float> gradients)
    {
        // The loss of a logit of −100 is exactly 0 in float32.
        Span<float> padded = stackalloc float[VectorMath.Width];
        padded.Fill(-100);
        logits.CopyTo(padded);
        (Vector512<float> loss, Vector512<float> slope) = Evaluate(Vector512.Create<float>(padded), beta);
        (slope * scale).CopyTo(padded);
        padded[..logits.Length].CopyTo(gradients);
        Span<float> losses = stackalloc float[VectorMath.Width];
        loss.CopyTo(losses);
        double sum = 0;
        foreach (float one in losses[..logits.Length])
        {
            sum += one;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Loss, Vector512<float> Slope) Evaluate(Vector512<float> x, float beta)
    {
        Vector512<float> t = VectorMath.ExpOfNegative(-Vector512.Abs(x));
        Vector512<float> one = Vector512<float>.One;

        // One division serves both σ, which needs 1/(1 + t), and the logarithm, which needs t/(2 + t).
        Vector512<float> a = one + t;
        Vector512<float> b = a + one;
        Vector512<float> inverse = one / (a * b);
        Vector512<float> inverseA = inverse * b;
        Vector512<float> log = VectorMath.Log1P(t * inverse * a);
        Vector512<float> positive = Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero);
        Vector512<float> p = Vector512.ConditionalSelect(positive, inverseA, t * inverseA);
        Vector512<float> q = Vector512.ConditionalSelect(positive, t * inverseA, inverseA); // 1 − σ, without its rounding error
        Vector512<float> softplus = Vector512.Max(x, Vector512<float>.Zero) + log;
        Vector512<float> modulator = beta switch
        {
            2 => p * p,
            1 => p,
            0 => one,
            _ => VectorMath.ExpOfNegative((Vector512.Min(x, Vector512<float>.Zero) - log) * beta), // β·log σ
        };
        return (modulator * softplus, modulator * Vector512.FusedMultiplyAdd(q * softplus, Vector512.Create(beta), p));
    }
}
