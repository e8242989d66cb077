using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Losses.Vectorized;

/// <summary>Distribution focal loss of many sides in float32, loss and gradient in one pass; equivalent to <see cref="DistributionFocalLossFormula"/>.</summary>
internal static class DistributionFocalRows
{
    /// <summary>Returns the sum over rows of factor times loss, and the derivatives of that sum: softmax minus the targets of the two bins, times the factor.</summary>
    /// <param name="logits">n + 1 logits per row.</param>
    /// <param name="targets">y of each row; outside [0, n] it is clamped to it.</param>
    /// <param name="factors">A factor per row; empty to use <paramref name="common"/> only.</param>
    /// <param name="common">Factor of all rows.</param>
    /// <param name="gradients">Receives n + 1 derivatives per row.</param>
    public static double Evaluate(
        ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, ReadOnlySpan<float> factors, float common, Span<float> gradients)
    {
        SpanGuard.RequireLength(gradients.Length, logits.Length);
        int bins = logits.Length / targets.Length;
        SpanGuard.RequireLength(logits.Length, bins * targets.Length);
        Span<float> sums = stackalloc float[VectorMath.Width];
        Span<float> weights = stackalloc float[VectorMath.Width];
        bool twoVectors = bins is >= VectorMath.Width and <= 2 * VectorMath.Width;
        double total = 0;
        for (int start = 0; start < targets.Length; start += VectorMath.Width)
        {
            int rows = Math.Min(VectorMath.Width, targets.Length - start);
            Vector512<float> losses = Vector512<float>.Zero;
            sums.Fill(1);
            for (int i = 0; i < rows; i++)
            {
                int row = start + i;
                ReadOnlySpan<float> source = logits.Slice(row * bins, bins);
                Span<float> slope = gradients.Slice(row * bins, bins);
                weights[i] = factors.IsEmpty ? common : factors[row] * common;
                if (twoVectors)
                {
                    sums[i] = EvaluateTwoVectors(source, targets[row], weights[i], slope, ref losses);
                }
                else
                {
                    (float highest, sums[i]) = SoftmaxRow.Fill(source, slope, weights[i]);
                    total += weights[i] * DistributionFocalRow.Finish(source, targets[row], highest, slope, weights[i]);
                }
            }

            losses += Vector512.Log(Vector512.Create<float>(sums)) * Vector512.Create<float>(weights);
            total += Vector512.Sum(losses);
        }

        return total;
    }

    /// <summary>
    /// Processes a row of one or two vectors, such as the 17 bins of the paper, in registers. The targets of the bins are max(0, 1 − |k − y|).
    /// </summary>
    /// <returns>Σ e^(x − highest); the rest of the loss, times the factor, is added to <paramref name="losses"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float EvaluateTwoVectors(ReadOnlySpan<float> logits, float target, float factor, Span<float> gradient, ref Vector512<float> losses)
    {
        ref float source = ref MemoryMarshal.GetReference(logits);
        ref float slope = ref MemoryMarshal.GetReference(gradient);
        int last = logits.Length - VectorMath.Width;
        (Vector512<float> x, Vector512<float> u) = (Vector512.LoadUnsafe(ref source), Vector512.LoadUnsafe(ref source, (nuint)last));
        Vector512<float> top = Vector512.Create(SoftmaxRow.Highest(Vector512.MaxNative(x, u)));
        (x, u) = (x - top, u - top);
        (Vector512<float> p, Vector512<float> q) = (VectorMath.ExpOfNegative(x), VectorMath.ExpOfNegative(u));

        // The second vector overlaps the first; only its new elements count.
        Vector512<float> context = Vector512.ConvertToSingle(Vector512<int>.Indices);
        Vector512<float> fresh = Vector512.GreaterThanOrEqual(context, Vector512.Create((float)(VectorMath.Width - last)));
        float sum = Vector512.Sum(p + Vector512.BitwiseAnd(q, fresh));

        Vector512<float> y = Vector512.Create(Math.Clamp(target, 0, logits.Length - 1));
        Vector512<float> scale = Vector512.Create(factor);
        Vector512<float> near = TriangularWeight(context - y) * scale;
        Vector512<float> far = TriangularWeight(context + Vector512.Create((float)last) - y) * scale;
        Vector512<float> share = Vector512.Create(factor / sum);
        Vector512.FusedMultiplyAdd(p, share, -near).StoreUnsafe(ref slope);
        Vector512.FusedMultiplyAdd(q, share, -far).StoreUnsafe(ref slope, (nuint)last);
        losses -= (near * x) + Vector512.BitwiseAnd(far * u, fresh);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TriangularWeight(Vector512<float> distance) =>
        Vector512.MaxNative(Vector512<float>.Zero, Vector512<float>.One - Vector512.Abs(distance)); // in this operand order NaN is retained
}
