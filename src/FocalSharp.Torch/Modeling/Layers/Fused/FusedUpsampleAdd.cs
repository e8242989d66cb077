using System.Runtime.CompilerServices;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>The sum of a fine map and a coarse map of half its size, upsampled by nearest neighbor, in one pass.</summary>
internal sealed class FusedUpsampleAdd : autograd.MultiTensorFunction<FusedUpsampleAdd>
{
    /// <inheritdoc/>
    public override string Name => nameof(FusedUpsampleAdd);

    /// <summary>
    /// Computes fine <c>[B, C, H, W]</c> + nearest upsampling of coarse <c>[B, C, h, w]</c>. It may overwrite the fine map.
    /// </summary>
    public static Tensor Compute(Tensor fine, Tensor coarse) =>
        ChannelsLast.Supports(fine) && ChannelsLast.Supports(coarse) && fine.size(2) == 2 * coarse.size(2) && fine.size(3) == 2 * coarse.size(3)
            ? apply([ChannelsLast.Convert(fine), ChannelsLast.Convert(coarse)])[0]
            : fine.add_(nn.functional.interpolate(coarse, size: fine.shape[2..], mode: InterpolationMode.Nearest));

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).dtype == ScalarType.BFloat16
        ? Forward<BFloat16Rows, Lanes16>(vars)
        : Forward<Float32Rows, Lanes8>(vars);

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => grad_outputs[0].dtype == ScalarType.BFloat16
        ? Backward<BFloat16Rows, Lanes16>(grad_outputs[0])
        : Backward<Float32Rows, Lanes8>(grad_outputs[0]);

    private static List<Tensor> Forward<TRows, TLanes>(object[] vars)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        (Tensor fine, Tensor coarse) = ((Tensor)vars[0], (Tensor)vars[1]);
        Tensor sum = ChannelsLast.Empty(TRows.Type, fine.size(0), fine.size(1), fine.size(2), fine.size(3));
        (TRows near, TRows far, TRows target) = (TRows.Create(fine), TRows.Create(coarse), TRows.Create(sum));
        (int channels, int width) = ((int)fine.size(1), (int)fine.size(3));
        OpenMpParallel.Run((int)(fine.size(0) * coarse.size(2)), [MethodImpl(MethodImplOptions.AggressiveOptimization)] (row) =>
        {
            for (int x = 0; x < 2 * width; x++)
            {
                long at = (((long)row * 2 * width) + x) * channels;
                long from = (((long)row * width / 2) + (x % width / 2)) * channels;
                for (int c = 0; c < channels; c += TLanes.Count)
                {
                    target.Store(at + c, near.Load(at + c) + far.Load(from + c));
                }
            }
        });
        return [sum];
    }

    private static List<Tensor> Backward<TRows, TLanes>(Tensor above)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        using Tensor upstream = ChannelsLast.Convert(above);
        Tensor coarse = ChannelsLast.Empty(TRows.Type, above.size(0), above.size(1), above.size(2) / 2, above.size(3) / 2);
        (TRows source, TRows target) = (TRows.Create(upstream), TRows.Create(coarse));
        (int channels, int width) = ((int)above.size(1), (int)above.size(3));
        OpenMpParallel.Run((int)(above.size(0) * above.size(2) / 2), [MethodImpl(MethodImplOptions.AggressiveOptimization)] (row) =>
        {
            for (int x = 0; x < width / 2; x++)
            {
                long top = (((long)row * 2 * width) + (2 * x)) * channels;
                long bottom = top + ((long)width * channels);
                long to = (((long)row * width / 2) + x) * channels;
                for (int c = 0; c < channels; c += TLanes.Count)
                {
                    target.Store(to + c, (source.Load(top + c) + source.Load(top + channels + c)) + (source.Load(bottom + c) + source.Load(bottom + channels + c)));
                }
            }
        });
        return [above.alias(), coarse];
    }
}
