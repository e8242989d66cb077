using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>A normalisation with what follows it: fused where it can be, else operator by operator.</summary>
internal static class NormRelu
{
    /// <summary>Whether the fused form computes this norm over this map: in training mode, with weights of its own.</summary>
    private static bool Supports(nn.Module<Tensor, Tensor>? norm, Tensor map) => ChannelsLast.Supports(map) && norm switch
    {
        BatchNorm2d batch => batch.training && batch.affine && batch.track_running_stats,
        GroupNorm group => group.weight is not null && group.bias is not null,
        _ => false,
    };

    /// <summary>A convolution, whatever norm follows it (folded in where it can be) or none, plus a shortcut if there is one, and ReLU if asked.</summary>
    public static Tensor Run(ConvLayer conv, nn.Module<Tensor, Tensor>? norm, Tensor input, Tensor? shortcut = null, bool relu = true)
    {
        Tensor map = conv.call(input);
        if (Supports(norm, map) && (shortcut is null || ChannelsLast.Supports(shortcut)))
        {
            return norm is BatchNorm2d batch ? FusedNorm.Batch(batch, map, shortcut, relu) : FusedNorm.Group((GroupNorm)norm!, map, shortcut, relu);
        }

        Tensor x = ApplyNorm(conv, norm, map);
        x = shortcut is null ? x : x.add_(shortcut);
        return relu ? x.relu_() : x;
    }

    /// <summary>A convolution's map behind its norm, which may be folded in already.</summary>
    public static Tensor ApplyNorm(ConvLayer conv, nn.Module<Tensor, Tensor>? norm, Tensor map) =>
        norm is null || (conv.IsFolded && !norm.training) ? map : norm.call(map);
}
