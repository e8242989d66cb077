using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Losses.Vectorized;

/// <summary>Softmax of one short row of float32, such as the n + 1 bins of a side.</summary>
internal static class SoftmaxRow
{
    /// <summary>
    /// Fills the probabilities and returns the highest logit and Σ e^(x − highest). The logarithm of the sum is left to the caller, because many at a
    /// time cost less. See <see cref="Distributions.Softmax.Fill"/> for the order in which to subtract both from a logit.
    /// </summary>
    /// <param name="logits">One row of finite numbers; if it contains NaN or +∞, the sum and every probability are NaN.</param>
    /// <param name="probabilities">Receives the probabilities, one per logit; may be the logits themselves.</param>
    /// <param name="scale">Factor of each probability.</param>
    public static (float Highest, float Sum) Fill(ReadOnlySpan<float> logits, Span<float> probabilities, float scale = 1)
    {
        SpanGuard.RequireLength(probabilities.Length, logits.Length);
        if (logits.Length < VectorMath.Width)
        {
            return FillShort(logits, probabilities, scale);
        }

        ref float source = ref MemoryMarshal.GetReference(logits);
        ref float target = ref MemoryMarshal.GetReference(probabilities);
        if (logits.Length <= 2 * VectorMath.Width)
        {
            return FillTwo(ref source, ref target, logits.Length, scale);
        }

        // The last vector overlaps the previous one; only its new elements count in the sum.
        int whole = logits.Length - (logits.Length % VectorMath.Width);
        int last = logits.Length - VectorMath.Width;
        Vector512<float> highest = Vector512.LoadUnsafe(ref source, (nuint)last);
        for (int i = 0; i < whole; i += VectorMath.Width)
        {
            highest = Vector512.MaxNative(highest, Vector512.LoadUnsafe(ref source, (nuint)i));
        }

        float top = Highest(highest);
        Vector512<float> shift = Vector512.Create(top);
        Vector512<float> tail = VectorMath.ExpOfNegative(Vector512.LoadUnsafe(ref source, (nuint)last) - shift);
        Vector512<float> sum = Vector512<float>.Zero;
        for (int i = 0; i < whole; i += VectorMath.Width)
        {
            Vector512<float> power = VectorMath.ExpOfNegative(Vector512.LoadUnsafe(ref source, (nuint)i) - shift);
            power.StoreUnsafe(ref target, (nuint)i);
            sum += power;
        }

        if (whole < logits.Length)
        {
            Vector512<int> context = Vector512<int>.Indices + Vector512.Create(last);
            Vector512<float> fresh = Vector512.GreaterThanOrEqual(context, Vector512.Create(whole)).AsSingle();
            sum += Vector512.BitwiseAnd(tail, fresh);
            tail.StoreUnsafe(ref target, (nuint)last);
        }

        float total = Vector512.Sum(sum);
        Vector512<float> inverse = Vector512.Create(scale / total);
        Vector512<float> end = Vector512.LoadUnsafe(ref target, (nuint)last) * inverse;
        for (int i = 0; i < whole; i += VectorMath.Width)
        {
            (Vector512.LoadUnsafe(ref target, (nuint)i) * inverse).StoreUnsafe(ref target, (nuint)i);
        }

        end.StoreUnsafe(ref target, (nuint)last);
        return (top, total);
    }

    // Two vectors, the second overlapping the first, in registers: for example the 17 bins of the paper.
    private static (float Highest, float Sum) FillTwo(ref float source, ref float target, int length, float scale)
    {
        int last = length - VectorMath.Width;
        Vector512<float> first = Vector512.LoadUnsafe(ref source);
        Vector512<float> second = Vector512.LoadUnsafe(ref source, (nuint)last);
        float top = Highest(Vector512.MaxNative(first, second));
        Vector512<float> shift = Vector512.Create(top);
        first = VectorMath.ExpOfNegative(first - shift);
        second = VectorMath.ExpOfNegative(second - shift);
        Vector512<float> fresh = Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(VectorMath.Width - last)).AsSingle();
        float total = Vector512.Sum(first + Vector512.BitwiseAnd(second, fresh));
        Vector512<float> inverse = Vector512.Create(scale / total);
        (first * inverse).StoreUnsafe(ref target);
        (second * inverse).StoreUnsafe(ref target, (nuint)last);
        return (top, total);
    }

    private static (float Highest, float Sum) FillShort(ReadOnlySpan<float> logits, Span<float> probabilities, float scale)
    {
        Span<float> padded = stackalloc float[VectorMath.Width];
        padded.Fill(float.NegativeInfinity);
        logits.CopyTo(padded);
        Vector512<float> x = Vector512.Create<float>(padded);
        float top = Highest(x);
        Vector512<float> power = VectorMath.ExpOfNegative(x - Vector512.Create(top));
        Vector512<float> valid = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(logits.Length)).AsSingle();
        float total = Vector512.Sum(Vector512.BitwiseAnd(power, valid));
        (power * Vector512.Create(scale / total)).CopyTo(padded);
        padded[..logits.Length].CopyTo(probabilities);
        return (top, total);
    }

    /// <summary>Returns the highest of sixteen. NaN may be skipped; its exponential, and therefore the sum, is NaN regardless.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Highest(Vector512<float> x)
    {
        Vector256<float> eight = Vector256.MaxNative(x.GetLower(), x.GetUpper());
        Vector128<float> four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        four = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
