using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FocalSharp.Torch.Native;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>Sums over rows per channel: float32 within a tile of rows, float64 over tiles.</summary>
internal static class ChannelSums
{
    // Few enough that float32 is exact enough, and that the rows stay in the L1 cache.
    private const int TileRows = 64;

    /// <summary>Adds Σ(x − pivot) and Σ(x − pivot)² per channel to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // avoids unoptimized code in the first minute of training
    public static void Moments(NativeBFloat16 x, int first, int end, int channels, float[] pivot, Span<double> sum, Span<double> squares)
    {
        for (int tile = first; tile < end; tile += TileRows)
        {
            int last = Math.Min(tile + TileRows, end);
            for (int c = 0; c < channels; c += NativeBFloat16.Width)
            {
                Vector512<float> shift = Vector512.LoadUnsafe(ref pivot[c]);
                (Vector512<float> s0, Vector512<float> s1) = (Vector512<float>.Zero, Vector512<float>.Zero);
                (Vector512<float> q0, Vector512<float> q1) = (Vector512<float>.Zero, Vector512<float>.Zero);
                int row = tile;
                for (; row + 1 < last; row += 2)
                {
                    Vector512<float> a = x.Load(((long)row * channels) + c) - shift;
                    Vector512<float> b = x.Load(((long)(row + 1) * channels) + c) - shift;
                    s0 += a;
                    s1 += b;
                    q0 = Vector512.FusedMultiplyAdd(a, a, q0);
                    q1 = Vector512.FusedMultiplyAdd(b, b, q1);
                }

                if (row < last)
                {
                    Vector512<float> a = x.Load(((long)row * channels) + c) - shift;
                    s0 += a;
                    q0 = Vector512.FusedMultiplyAdd(a, a, q0);
                }

                Add(s0 + s1, sum[c..]);
                Add(q0 + q1, squares[c..]);
            }
        }
    }

    /// <summary>Adds sixteen values to sixteen sums.</summary>
    public static void Add(Vector512<float> values, Span<double> sums)
    {
        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(values);
        ref double start = ref sums[0];
        (Vector512.LoadUnsafe(ref start) + low).StoreUnsafe(ref start);
        (Vector512.LoadUnsafe(ref start, 8) + high).StoreUnsafe(ref start, 8);
    }
}
