using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>
/// Sums and affine functions of the values of one channel of an image: float32 in vectors, sums in float64 over blocks of a few thousand values. A sum does not depend on
/// the number of threads.
/// </summary>
internal static class Planes
{
    private const int BlockLength = 4096; // 16 KiB: two spans of it are in the L1 cache

    /// <summary>Returns Σ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(ReadOnlySpan<float> x)
    {
        double sum = 0;
        for (int start = 0; start < x.Length; start += BlockLength)
        {
            ReadOnlySpan<float> block = x.Slice(start, Math.Min(BlockLength, x.Length - start));
            ReadOnlySpan<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(block);
            (Vector<float> even, Vector<float> odd) = (Vector<float>.Zero, Vector<float>.Zero);
            int i = 0;
            for (; i + 1 < wide.Length; i += 2)
            {
                even += wide[i];
                odd += wide[i + 1];
            }

            float rest = i < wide.Length ? Vector.Sum(wide[i]) : 0;
            for (int k = wide.Length * Vector<float>.Count; k < block.Length; k++)
            {
                rest += block[k];
            }

            sum += Vector.Sum(even + odd) + rest;
        }

        return sum;
    }

    /// <summary>Returns Σ u (x − center).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfProducts(ReadOnlySpan<float> u, ReadOnlySpan<float> x, float center)
    {
        double sum = 0;
        Vector<float> centers = new(center);
        for (int start = 0; start < x.Length; start += BlockLength)
        {
            int length = Math.Min(BlockLength, x.Length - start);
            ReadOnlySpan<float> left = u.Slice(start, length);
            ReadOnlySpan<float> right = x.Slice(start, length);
            ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(left);
            ReadOnlySpan<Vector<float>> b = MemoryMarshal.Cast<float, Vector<float>>(right)[..a.Length];
            (Vector<float> even, Vector<float> odd) = (Vector<float>.Zero, Vector<float>.Zero);
            int i = 0;
            for (; i + 1 < a.Length; i += 2)
            {
                even += a[i] * (b[i] - centers);
                odd += a[i + 1] * (b[i + 1] - centers);
            }

            float rest = i < a.Length ? Vector.Sum(a[i] * (b[i] - centers)) : 0;
            for (int k = a.Length * Vector<float>.Count; k < length; k++)
            {
                rest += left[k] * (right[k] - center);
            }

            sum += Vector.Sum(even + odd) + rest;
        }

        return sum;
    }

    /// <summary>Returns Σ (x − center)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<float> x, float center)
    {
        double sum = 0;
        Vector<float> centers = new(center);
        for (int start = 0; start < x.Length; start += BlockLength)
        {
            ReadOnlySpan<float> block = x.Slice(start, Math.Min(BlockLength, x.Length - start));
            ReadOnlySpan<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(block);
            (Vector<float> even, Vector<float> odd) = (Vector<float>.Zero, Vector<float>.Zero);
            int i = 0;
            for (; i + 1 < wide.Length; i += 2)
            {
                (Vector<float> first, Vector<float> second) = (wide[i] - centers, wide[i + 1] - centers);
                even += first * first;
                odd += second * second;
            }

            float rest = 0;
            for (int k = i * Vector<float>.Count; k < block.Length; k++)
            {
                rest += (block[k] - center) * (block[k] - center);
            }

            sum += Vector.Sum(even + odd) + rest;
        }

        return sum;
    }

    /// <summary>Computes <paramref name="scale"/> · x + <paramref name="shift"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Affine(ReadOnlySpan<float> x, float scale, float shift, Span<float> result)
    {
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(x);
        Span<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(result)[..a.Length];
        (Vector<float> scales, Vector<float> shifts) = (new(scale), new(shift));
        for (int i = 0; i < a.Length; i++)
        {
            y[i] = (scales * a[i]) + shifts;
        }

        for (int k = a.Length * Vector<float>.Count; k < x.Length; k++)
        {
            result[k] = (scale * x[k]) + shift;
        }
    }

    /// <summary>Computes <paramref name="left"/> · u + <paramref name="right"/> · (x − <paramref name="center"/>) + <paramref name="shift"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(ReadOnlySpan<float> u, float left, ReadOnlySpan<float> x, float right, float center, float shift, Span<float> result)
    {
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(u);
        ReadOnlySpan<Vector<float>> b = MemoryMarshal.Cast<float, Vector<float>>(x)[..a.Length];
        Span<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(result)[..a.Length];
        (Vector<float> lefts, Vector<float> rights, Vector<float> centers, Vector<float> shifts) = (new(left), new(right), new(center), new(shift));
        for (int i = 0; i < a.Length; i++)
        {
            y[i] = (lefts * a[i]) + ((rights * (b[i] - centers)) + shifts);
        }

        for (int k = a.Length * Vector<float>.Count; k < u.Length; k++)
        {
            result[k] = (left * u[k]) + ((right * (x[k] - center)) + shift);
        }
    }
}
