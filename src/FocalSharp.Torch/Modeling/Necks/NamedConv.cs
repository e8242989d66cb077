using FocalSharp.Torch.Modeling.Layers;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>The level of naming (<c>lateral_convs.0.conv.weight</c>) that official checkpoints have.</summary>
public sealed class NamedConv : nn.Module
{
    /// <summary>Makes the convolution with all parameters zero.</summary>
    public NamedConv(int inChannels, int outChannels, int kernel, int stride)
        : base(nameof(NamedConv))
    {
        Conv = new ConvLayer(inChannels, outChannels, kernel, stride);
        register_module("conv", Conv);
    }

    /// <summary>The convolution.</summary>
    public ConvLayer Conv { get; }

    /// <summary>Nothing: the part is registered by its official name; by default its field would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
