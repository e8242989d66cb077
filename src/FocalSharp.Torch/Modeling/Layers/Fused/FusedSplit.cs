using System.Runtime.InteropServices;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>
/// Splits the channels of a map in channels-last memory into two maps, the second padded with zeros as the following convolution needs it. libtorch's
/// gradient of a range of channels fills and adds whole maps.
/// </summary>
internal sealed class FusedSplit : autograd.MultiTensorFunction<FusedSplit>
{
    private const string Saved = nameof(Saved);

    /// <inheritdoc/>
    public override string Name => nameof(FusedSplit);

    /// <summary>Computes <c>[B, 2C, H, W] → [B, C, H, W], [B, padded, H, W]</c>, where channels of the second beyond C are 0.</summary>
    /// <param name="map">The map, bfloat16 or float32.</param>
    /// <param name="padded">Channels of the second map, at least C.</param>
    public static (Tensor First, Tensor Second) Compute(Tensor map, int padded)
    {
        List<Tensor> parts = apply([ChannelsLast.Convert(map), padded]);
        return (parts[0], parts[1]);
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        (Tensor map, int padded) = ((Tensor)vars[0], (int)vars[1]);
        (int half, int width) = ((int)map.size(1) / 2, (int)map.size(3));
        Tensor first = ChannelsLast.Empty(map.dtype, map.size(0), half, map.size(2), width);
        Tensor second = ChannelsLast.Empty(map.dtype, map.size(0), padded, map.size(2), width);
        ctx.save_data(Saved, half);
        (Rows source, Rows a, Rows b) = (new(map), new(first), new(second));
        RunPixels(map, pixel =>
        {
            Span<byte> whole = source[pixel];
            Span<byte> rest = b[pixel];
            whole[..a.Length].CopyTo(a[pixel]);
            whole[a.Length..].CopyTo(rest);
            rest[a.Length..].Clear();
        });
        return [first, second];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        int half = (int)ctx.get_data(Saved);
        using Tensor first = ChannelsLast.Convert(grad_outputs[0]);
        using Tensor second = ChannelsLast.Convert(grad_outputs[1]);
        Tensor map = ChannelsLast.Empty(first.dtype, first.size(0), 2 * half, first.size(2), first.size(3));
        (Rows target, Rows a, Rows b) = (new(map), new(first), new(second));
        RunPixels(map, pixel =>
        {
            Span<byte> whole = target[pixel];
            a[pixel].CopyTo(whole);
            b[pixel][..a.Length].CopyTo(whole[a.Length..]);
        });
        return [map, null!];
    }

    /// <summary>Runs an action for each pixel of a map, with its number, on several threads.</summary>
    internal static void RunPixels(Tensor map, Action<int> pixel)
    {
        int width = (int)map.size(3);
        OpenMpParallel.Run((int)(map.size(0) * map.size(2)), row =>
        {
            for (int x = row * width; x < (row + 1) * width; x++)
            {
                pixel(x);
            }
        });
    }

    /// <summary>The values of each pixel of a map in channels-last memory, of any type.</summary>
    private readonly unsafe struct Rows
    {
        private readonly byte* _start;

        public Rows(Tensor map)
        {
            using Tensor rows = map.permute(0, 2, 3, 1);
            Span<byte> bytes = rows.bytes;
            fixed (byte* start = &MemoryMarshal.GetReference(bytes))
            {
                _start = start;
            }

            Length = bytes.Length / checked((int)(map.numel() / map.size(1)));
        }

        /// <summary>Gets the bytes of a pixel.</summary>
        public int Length { get; }

        public Span<byte> this[int pixel] => new(_start + ((long)pixel * Length), Length);
    }
}
