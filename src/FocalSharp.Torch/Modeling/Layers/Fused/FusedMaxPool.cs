using System.Runtime.CompilerServices;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>
/// A 3x3 max pool of stride 2, padded by 1, over a bfloat16 or float32 map. A byte per output stores which of the nine pixels is the
/// maximum; the backward pass gathers the gradients of the at most four windows over each pixel.
/// </summary>
internal sealed class FusedMaxPool : autograd.SingleTensorFunction<FusedMaxPool>
{
    private const string Saved = nameof(Saved);

    /// <inheritdoc/>
    public override string Name => nameof(FusedMaxPool);

    /// <summary>Computes the pool <c>[B, C, H, W] → [B, C, ⌈H/2⌉, ⌈W/2⌉]</c>.</summary>
    public static Tensor Compute(Tensor map) => ChannelsLast.SupportsBlocks(map)
        ? apply([ChannelsLast.Convert(map)])
        : nn.functional.max_pool2d(map, kernel_size: 3, stride: 2, padding: 1);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).dtype == ScalarType.BFloat16
        ? Forward<BFloat16Rows, Lanes16>(ctx, (Tensor)vars[0])
        : Forward<Float32Rows, Lanes8>(ctx, (Tensor)vars[0]);

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => grad_output.dtype == ScalarType.BFloat16
        ? Backward<BFloat16Rows, Lanes16>(ctx, grad_output)
        : Backward<Float32Rows, Lanes8>(ctx, grad_output);

    private static Tensor Forward<TRows, TLanes>(autograd.AutogradContext ctx, Tensor x)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        Shape shape = new((int)x.size(0), (int)x.size(1), (int)x.size(2), (int)x.size(3));
        Tensor y = ChannelsLast.Empty(TRows.Type, shape.Batch, shape.Channels, shape.OutHeight, shape.OutWidth);
        byte[] winners = new byte[y.numel()];
        (TRows source, TRows target) = (TRows.Create(x), TRows.Create(y));
        OpenMpParallel.Run(shape.Batch * shape.OutHeight, row => Forward<TRows, TLanes>(shape, source, target, winners, row));
        ctx.save_data(Saved, new BackwardState(shape, winners));
        return y;
    }

    private static List<Tensor> Backward<TRows, TLanes>(autograd.AutogradContext ctx, Tensor grad_output)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        (Shape shape, byte[] winners) = (BackwardState)ctx.get_data(Saved);
        using Tensor upstream = ChannelsLast.Convert(grad_output);
        Tensor gradient = ChannelsLast.Empty(TRows.Type, shape.Batch, shape.Channels, shape.Height, shape.Width);
        (TRows above, TRows target) = (TRows.Create(upstream), TRows.Create(gradient));
        OpenMpParallel.Run(shape.Batch * shape.Height, row => Backward<TRows, TLanes>(shape, above, target, winners, row));
        return [gradient];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward<TRows, TLanes>(Shape shape, TRows source, TRows target, byte[] winners, int row)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        (int image, int y) = Math.DivRem(row, shape.OutHeight);
        for (int x = 0; x < shape.OutWidth; x++)
        {
            long to = (((long)row * shape.OutWidth) + x) * shape.Channels;
            for (int block = 0; block < shape.Channels; block += TLanes.Count)
            {
                // The last vector's channels overlap those before where the number is not a multiple.
                int c = Math.Min(block, shape.Channels - TLanes.Count);
                TLanes best = TLanes.Create(float.NegativeInfinity);
                TLanes winner = TLanes.Zero;
                for (int tap = 0; tap < 9; tap++)
                {
                    (int py, int px) = ((2 * y) - 1 + (tap / 3), (2 * x) - 1 + (tap % 3));
                    if ((uint)py >= (uint)shape.Height || (uint)px >= (uint)shape.Width)
                    {
                        continue;
                    }

                    TLanes value = source.Load(((((long)((image * shape.Height) + py)) * shape.Width) + px) * shape.Channels + c);

                    // NaN counts as the maximum, as in libtorch.
                    TLanes wins = TLanes.GreaterThan(value, best) | TLanes.IsNaN(value);
                    best = TLanes.Select(wins, value, best);
                    winner = TLanes.Select(wins, TLanes.Create(tap), winner);
                }

                target.Store(to + c, best);
                winner.StoreBytes(ref winners[to + c]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<TRows, TLanes>(Shape shape, TRows above, TRows target, byte[] winners, int row)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        (int image, int y) = Math.DivRem(row, shape.Height);
        int firstY = y / 2;
        int lastY = Math.Min((y + 1) / 2, shape.OutHeight - 1);
        for (int x = 0; x < shape.Width; x++)
        {
            long to = (((long)row * shape.Width) + x) * shape.Channels;
            int firstX = x / 2;
            int lastX = Math.Min((x + 1) / 2, shape.OutWidth - 1);
            for (int block = 0; block < shape.Channels; block += TLanes.Count)
            {
                // The last vector's channels overlap those before where the number is not a multiple.
                int c = Math.Min(block, shape.Channels - TLanes.Count);
                TLanes sum = TLanes.Zero;
                for (int oy = firstY; oy <= lastY; oy++)
                {
                    for (int ox = firstX; ox <= lastX; ox++)
                    {
                        int tap = (3 * (y - (2 * oy) + 1)) + (x - (2 * ox) + 1);
                        long at = ((((long)((image * shape.OutHeight) + oy) * shape.OutWidth) + ox) * shape.Channels) + c;
                        TLanes winner = TLanes.LoadBytes(ref winners[at]);
                        sum += TLanes.Select(TLanes.EqualTo(winner, TLanes.Create(tap)), above.Load(at), TLanes.Zero);
                    }
                }

                target.Store(to + c, sum);
            }
        }
    }

    private readonly record struct Shape(int Batch, int Channels, int Height, int Width)
    {
        public int OutHeight => (Height + 1) / 2;

        public int OutWidth => (Width + 1) / 2;
    }

    private sealed record BackwardState(Shape Shape, byte[] Winners);
}
