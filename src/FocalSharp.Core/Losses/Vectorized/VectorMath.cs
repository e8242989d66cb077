using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Losses.Vectorized;

/// <summary>Exponential and logarithm of sixteen float32 values at once, over the ranges needed by the losses, accurate to a few ulp.</summary>
internal static class VectorMath
{
    /// <summary>Number of elements of a vector.</summary>
    public const int Width = 16;

    /// <summary>e⁻⁸⁷ is the smallest power that is not subnormal; smaller values are treated as 0.</summary>
    private const float MinExponent = -87;

    /// <summary>Adding it to a small number leaves the nearest integer in the low bits.</summary>
    private const float Rounder = 12582912; // 1.5 · 2²³

    /// <summary>Returns eˣ for x ≤ 0, NaN for NaN (after Cephes: reduction to ±ln2/2, then a polynomial of degree 5 in the remainder).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpOfNegative(Vector512<float> x)
    {
        Vector512<float> vanishing = Vector512.LessThan(x, Vector512.Create(MinExponent));
        x = Vector512.MaxNative(Vector512.Create(MinExponent), x); // in this operand order NaN is retained
        Vector512<float> shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(1.442695041f), Vector512.Create(Rounder));
        Vector512<float> whole = shifted - Vector512.Create(Rounder);
        Vector512<float> rest = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-0.693359375f), x);
        rest = Vector512.FusedMultiplyAdd(whole, Vector512.Create(2.12194440e-4f), rest);
        Vector512<float> p = Vector512.Create(1.9875691500e-4f);
        p = Vector512.FusedMultiplyAdd(p, rest, Vector512.Create(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, rest, Vector512.Create(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, rest, Vector512.Create(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, rest, Vector512.Create(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, rest, Vector512.Create(5.0000001201e-1f));
        p = Vector512.FusedMultiplyAdd(p, rest * rest, rest) + Vector512<float>.One;
        return Vector512.AndNot((p.AsInt32() + (shifted.AsInt32() << 23)).AsSingle(), vanishing);
    }

    /// <summary>
    /// Returns log(1 + t) for t in [0, 1] with a small relative error also for tiny t: 2·artanh(s) with s = t/(2 + t) ≤ 1/3, as a series.
    /// </summary>
    /// <param name="s">t / (2 + t).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log1P(Vector512<float> s)
    {
        Vector512<float> z = s * s;
        Vector512<float> p = Vector512.Create(2f / 13);
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 11));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 9));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 7));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 5));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 3));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f));
        return p * s;
    }
}
