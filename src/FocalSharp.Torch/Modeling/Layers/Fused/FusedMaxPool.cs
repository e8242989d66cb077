using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>
/// A 3x3 max pool of stride 2, padded by 1, over a bfloat16 map. A byte per output stores which of the nine pixels is the
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
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor x = (Tensor)vars[0];
        Shape shape = new((int)x.size(0), (int)x.size(1), (int)x.size(2), (int)x.size(3));
        Tensor y = ChannelsLast.Empty(shape.Batch, shape.Channels, shape.OutHeight, shape.OutWidth);
        byte[] winners = new byte[y.numel()];
        (NativeBFloat16 source, NativeBFloat16 target) = (new(x), new(y));
        OpenMpParallel.Run(shape.Batch * shape.OutHeight, row => Forward(shape, source, target, winners, row));
        ctx.save_data(Saved, new BackwardState(shape, winners));
        return y;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        (Shape shape, byte[] winners) = (BackwardState)ctx.get_data(Saved);
        using Tensor upstream = ChannelsLast.Convert(grad_output);
        Tensor gradient = ChannelsLast.Empty(shape.Batch, shape.Channels, shape.Height, shape.Width);
        (NativeBFloat16 above, NativeBFloat16 target) = (new(upstream), new(gradient));
        OpenMpParallel.Run(shape.Batch * shape.Height, row => Backward(shape, above, target, winners, row));
        return [gradient];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(Shape shape, NativeBFloat16 source, NativeBFloat16 target, byte[] winners, int row)
    {
        (int image, int y) = Math.DivRem(row, shape.OutHeight);
        for (int x = 0; x < shape.OutWidth; x++)
        {
            long to = (((long)row * shape.OutWidth) + x) * shape.Channels;
            for (int block = 0; block < shape.Channels; block += NativeBFloat16.Width)
            {
                // The last sixteen channels overlap those before where the number is not a multiple.
                int c = Math.Min(block, shape.Channels - NativeBFloat16.Width);
                Vector512<float> best = Vector512.Create(float.NegativeInfinity);
                Vector512<uint> winner = Vector512<uint>.Zero;
                for (int tap = 0; tap < 9; tap++)
                {
                    (int py, int px) = ((2 * y) - 1 + (tap / 3), (2 * x) - 1 + (tap % 3));
                    if ((uint)py >= (uint)shape.Height || (uint)px >= (uint)shape.Width)
                    {
                        continue;
                    }

                    Vector512<float> value = source.Load(((((long)((image * shape.Height) + py)) * shape.Width) + px) * shape.Channels + c);

                    // NaN counts as the maximum, as in libtorch.
                    Vector512<float> wins = Vector512.GreaterThan(value, best) | Vector512.IsNaN(value);
                    best = Vector512.ConditionalSelect(wins, value, best);
                    winner = Vector512.ConditionalSelect(wins.AsUInt32(), Vector512.Create((uint)tap), winner);
                }

                target.Store(to + c, best);
                Avx512F.ConvertToVector128Byte(winner).StoreUnsafe(ref winners[to + c]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward(Shape shape, NativeBFloat16 above, NativeBFloat16 target, byte[] winners, int row)
    {
        (int image, int y) = Math.DivRem(row, shape.Height);
        int firstY = y / 2;
        int lastY = Math.Min((y + 1) / 2, shape.OutHeight - 1);
        for (int x = 0; x < shape.Width; x++)
        {
            long to = (((long)row * shape.Width) + x) * shape.Channels;
            int firstX = x / 2;
            int lastX = Math.Min((x + 1) / 2, shape.OutWidth - 1);
            for (int block = 0; block < shape.Channels; block += NativeBFloat16.Width)
            {
                // The last sixteen channels overlap those before where the number is not a multiple.
                int c = Math.Min(block, shape.Channels - NativeBFloat16.Width);
                Vector512<float> sum = Vector512<float>.Zero;
                for (int oy = firstY; oy <= lastY; oy++)
                {
                    for (int ox = firstX; ox <= lastX; ox++)
                    {
                        uint tap = (uint)((3 * (y - (2 * oy) + 1)) + (x - (2 * ox) + 1));
                        long at = ((((long)((image * shape.OutHeight) + oy) * shape.OutWidth) + ox) * shape.Channels) + c;
                        Vector512<uint> winner = Avx512F.ConvertToVector512UInt32(Vector128.LoadUnsafe(ref winners[at]));
                        sum += Vector512.ConditionalSelect(
                            Vector512.Equals(winner, Vector512.Create(tap)).AsSingle(), above.Load(at), Vector512<float>.Zero);
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
