using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Torch.Modeling.Layers.Deformable;

/// <summary>Operations over the channels of pixels, with the widest vectors that the hardware has.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class ChannelVectors<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes the weighted sum of four pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blend(T* a, T* b, T* c, T* d, T wa, T wb, T wc, T wd, T* to, int count)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated && count >= Vector512<T>.Count)
        {
            (Vector512<T> va, Vector512<T> vb, Vector512<T> vc, Vector512<T> vd) =
                (Vector512.Create(wa), Vector512.Create(wb), Vector512.Create(wc), Vector512.Create(wd));
            for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                Vector512<T> left = Fma(Vector512.Load(b + i), vb, Vector512.Load(a + i) * va);
                Vector512<T> right = Fma(Vector512.Load(d + i), vd, Vector512.Load(c + i) * vc);
                (left + right).Store(to + i);
            }
        }

        if (Vector256.IsHardwareAccelerated && count - i >= Vector256<T>.Count)
        {
            (Vector256<T> va, Vector256<T> vb, Vector256<T> vc, Vector256<T> vd) =
                (Vector256.Create(wa), Vector256.Create(wb), Vector256.Create(wc), Vector256.Create(wd));
            for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                Vector256<T> left = Fma(Vector256.Load(b + i), vb, Vector256.Load(a + i) * va);
                Vector256<T> right = Fma(Vector256.Load(d + i), vd, Vector256.Load(c + i) * vc);
                (left + right).Store(to + i);
            }
        }

        for (; i < count; i++)
        {
            to[i] = ((a[i] * wa) + (b[i] * wb)) + ((c[i] * wc) + (d[i] * wd));
        }
    }

    /// <summary>Adds the products of a gradient with four pixels to four sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Dot(T* gradient, T* a, T* b, T* c, T* d, int count, ref T sa, ref T sb, ref T sc, ref T sd)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated && count >= Vector512<T>.Count)
        {
            (Vector512<T> va, Vector512<T> vb, Vector512<T> vc, Vector512<T> vd) = (default, default, default, default);
            for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                Vector512<T> g = Vector512.Load(gradient + i);
                va = Fma(g, Vector512.Load(a + i), va);
                vb = Fma(g, Vector512.Load(b + i), vb);
                vc = Fma(g, Vector512.Load(c + i), vc);
                vd = Fma(g, Vector512.Load(d + i), vd);
            }

            sa += Vector512.Sum(va);
            sb += Vector512.Sum(vb);
            sc += Vector512.Sum(vc);
            sd += Vector512.Sum(vd);
        }

        if (Vector256.IsHardwareAccelerated && count - i >= Vector256<T>.Count)
        {
            (Vector256<T> va, Vector256<T> vb, Vector256<T> vc, Vector256<T> vd) = (default, default, default, default);
            for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                Vector256<T> g = Vector256.Load(gradient + i);
                va = Fma(g, Vector256.Load(a + i), va);
                vb = Fma(g, Vector256.Load(b + i), vb);
                vc = Fma(g, Vector256.Load(c + i), vc);
                vd = Fma(g, Vector256.Load(d + i), vd);
            }

            sa += Vector256.Sum(va);
            sb += Vector256.Sum(vb);
            sc += Vector256.Sum(vc);
            sd += Vector256.Sum(vd);
        }

        for (; i < count; i++)
        {
            sa += gradient[i] * a[i];
            sb += gradient[i] * b[i];
            sc += gradient[i] * c[i];
            sd += gradient[i] * d[i];
        }
    }

    /// <summary>Adds a weighted gradient to a pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(T* gradient, T weight, T* to, int count)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<T> factor = Vector512.Create(weight);
            for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                Fma(Vector512.Load(gradient + i), factor, Vector512.Load(to + i)).Store(to + i);
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<T> factor = Vector256.Create(weight);
            for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                Fma(Vector256.Load(gradient + i), factor, Vector256.Load(to + i)).Store(to + i);
            }
        }

        for (; i < count; i++)
        {
            to[i] += gradient[i] * weight;
        }
    }

    // The framework has fused multiply-add per element type only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Fma(Vector512<T> a, Vector512<T> b, Vector512<T> sum) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), sum.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Fma(Vector256<T> a, Vector256<T> b, Vector256<T> sum) => typeof(T) == typeof(float)
        ? Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), sum.AsDouble()).As<double, T>();
}
