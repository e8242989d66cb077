using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>Makes the normalisation that follows a convolution.</summary>
internal static class NormLayer
{
    /// <summary>What mmdetection calls it: <c>bn</c> or <c>gn</c>.</summary>
    public static string NameOf(NormKind kind) => kind == NormKind.Group ? "gn" : "bn";

    /// <summary>A norm with factor 1 and shift 0, or null for none.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="groups">Groups of a group norm; they must divide the channels.</param>
    public static nn.Module<Tensor, Tensor>? Create(NormKind kind, long channels, int groups)
    {
        switch (kind)
        {
            case NormKind.Group:
                TorchSharp.Modules.GroupNorm group = nn.GroupNorm(groups, channels);

                // TorchSharp 0.107 leaves the memory of these as it found it.
                Initialization.Constant(group.weight!, 1);
                Initialization.Constant(group.bias!, 0);
                return group;
            case NormKind.Batch:
                return nn.BatchNorm2d(channels);
            default:
                return null;
        }
    }
}
