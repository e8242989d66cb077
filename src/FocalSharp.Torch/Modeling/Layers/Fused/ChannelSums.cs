using System.Runtime.CompilerServices;
using FocalSharp.Torch.Native;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>Sums over rows per channel: float32 within a tile of rows, float64 over tiles.</summary>
internal static class ChannelSums
{
    // Few enough that float32 is exact enough, and that the rows stay in the L1 cache.
    private const int TileRows = 64;

    /// <summary>Adds Σ(x − pivot) and Σ(x − pivot)² per channel to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // avoids unoptimized code in the first minute of training
    public static void Moments<TRows, TLanes>(TRows x, int first, int end, int channels, float[] pivot, Span<double> sum, Span<double> squares)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        for (int tile = first; tile < end; tile += TileRows)
        {
            int last = Math.Min(tile + TileRows, end);
            for (int c = 0; c < channels; c += TLanes.Count)
            {
                TLanes shift = TLanes.Load(ref pivot[c]);
                (TLanes s0, TLanes s1) = (TLanes.Zero, TLanes.Zero);
                (TLanes q0, TLanes q1) = (TLanes.Zero, TLanes.Zero);
                int row = tile;
                for (; row + 1 < last; row += 2)
                {
                    TLanes a = x.Load(((long)row * channels) + c) - shift;
                    TLanes b = x.Load(((long)(row + 1) * channels) + c) - shift;
                    s0 += a;
                    s1 += b;
                    q0 = TLanes.MultiplyAdd(a, a, q0);
                    q1 = TLanes.MultiplyAdd(b, b, q1);
                }

                if (row < last)
                {
                    TLanes a = x.Load(((long)row * channels) + c) - shift;
                    s0 += a;
                    q0 = TLanes.MultiplyAdd(a, a, q0);
                }

                (s0 + s1).AddTo(ref sum[c]);
                (q0 + q1).AddTo(ref squares[c]);
            }
        }
    }
}
