using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// The split and the shuffle of ShuffleNetV2 (arXiv 1807.11164): a map is the interleaved channels of two halves, so that channel
/// <c>2i + g</c> is channel i of half g.
/// </summary>
internal static class ChannelShuffle
{
    /// <summary>Interleaves the channels of two maps of equal shape.</summary>
    public static Tensor Interleave(Tensor first, Tensor second)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(ChannelsLast.IsOn && first.device_type == DeviceType.CPU && first.dtype == ChannelsLast.Type && second.dtype == ChannelsLast.Type
            ? FusedInterleave.Compute(first, second)
            : stack([first, second], 2).flatten(1, 2));
    }

    /// <summary>Emits the concatenation of two maps of equal shape, with the channels of the second interleaved.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="first">The first map, <c>[B, half, H, W]</c>.</param>
    /// <param name="second">The second map.</param>
    /// <param name="half">Channels of each.</param>
    public static OnnxValue EmitInterleave(OnnxGraph graph, OnnxValue first, OnnxValue second, int half)
    {
        // One gather moves each channel once; the reshapes and the transposition of the usual export need the map's size.
        long[] order = [.. Enumerable.Range(0, 2 * half).Select(channel => (long)((channel % 2 * half) + (channel / 2)))];
        return graph.Gather(graph.Concat(1, first, second), graph.Integers(order), axis: 1);
    }
}
