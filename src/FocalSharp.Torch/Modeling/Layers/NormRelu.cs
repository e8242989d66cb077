using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// A convolution with the norm, the shortcut and the activation after it: one fused pass where supported, else operator by
/// operator.
/// </summary>
internal static class NormRelu
{
    /// <summary>
    /// Returns whether the fused kernel supports this norm over this map: in training mode, with scale and shift.
    /// </summary>
    private static bool Supports(nn.Module<Tensor, Tensor>? norm, Tensor map) => ChannelsLast.Supports(map) && norm switch
    {
        BatchNorm2d batch => batch.training && batch.affine && batch.track_running_stats,
        GroupNorm group => group.weight is not null && group.bias is not null,
        _ => false,
    };

    /// <summary>Computes a convolution, its norm if any, the sum with a shortcut if any, and an activation.</summary>
    public static Tensor Run(
        ConvLayer conv,
        nn.Module<Tensor, Tensor>? norm,
        Tensor input,
        Tensor? shortcut = null,
        ActivationKind activation = ActivationKind.Relu,
        double negativeSlope = 0)
    {
        Tensor map = conv.call(input);
        if (Supports(norm, map) && (shortcut is null || ChannelsLast.Supports(shortcut)))
        {
            FusedActivation fused = new(activation, (float)negativeSlope);
            return norm is BatchNorm2d batch ? FusedNorm.Batch(batch, map, shortcut, fused) : FusedNorm.Group((GroupNorm)norm!, map, shortcut, fused);
        }

        Tensor x = ApplyNorm(conv, norm, map);
        x = shortcut is null ? x : x.add_(shortcut);
        return Activation.Compute(x, activation, negativeSlope);
    }

    /// <summary>Computes a batch norm on a map without a convolution before it.</summary>
    public static Tensor Run(BatchNorm2d norm, Tensor map) => Supports(norm, map)
        ? FusedNorm.Batch(norm, map, null, new FusedActivation(ActivationKind.None, 0))
        : ApplyNorm(norm, map);

    /// <summary>
    /// Computes a convolution, its batch norm, the sum with a shortcut if any, and an activation without removing the channels that pad
    /// the output to a multiple of 16; null if the fused kernels do not support it.
    /// </summary>
    public static Tensor? TryRunPadded(ConvLayer conv, nn.Module<Tensor, Tensor>? norm, Tensor input, FusedActivation activation, Tensor? shortcut = null)
    {
        if (!ChannelsLast.IsOn || !SupportsPadded(norm))
        {
            return null;
        }

        Tensor map = conv.ForwardPadded(input);
        if (!ChannelsLast.Supports(map))
        {
            return null;
        }

        Tensor? padded = shortcut?.to(map.dtype);
        padded = padded is null || padded.size(1) == map.size(1) ? padded : nn.functional.pad(padded, [0, 0, 0, 0, 0, map.size(1) - padded.size(1)]);
        return FusedNorm.Batch((BatchNorm2d)norm!, map, padded, activation);
    }

    /// <summary>Returns whether <see cref="TryRunPadded"/> supports a norm.</summary>
    public static bool SupportsPadded(nn.Module<Tensor, Tensor>? norm) => norm is BatchNorm2d { training: true, affine: true, track_running_stats: true };

    /// <summary>Applies a convolution's norm to its map, unless there is none or it is folded into the convolution.</summary>
    public static Tensor ApplyNorm(ConvLayer conv, nn.Module<Tensor, Tensor>? norm, Tensor map) =>
        norm is null || (conv.IsFolded && !norm.training) ? map : ApplyNorm(norm, map);

    private static Tensor ApplyNorm(nn.Module<Tensor, Tensor> norm, Tensor map) =>
        norm is BatchNorm2d { training: true } batch && SynchronizedNorms.Current is { } sum ? SynchronizedBatchNorm.Run(batch, map, sum) : norm.call(map);

    /// <summary>Emits a convolution and its norm, if any.</summary>
    public static OnnxValue Emit(OnnxGraph graph, ConvLayer conv, nn.Module? norm, OnnxValue x) => norm is GroupNorm group
        ? NormLayer.Emit(graph, group, conv.Emit(graph, x))
        : conv.Emit(graph, x, norm as BatchNorm2d);
}
