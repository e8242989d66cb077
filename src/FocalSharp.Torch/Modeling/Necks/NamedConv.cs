using FocalSharp.Torch.Modeling.Layers;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>Wraps a convolution, for the parameter names of official checkpoints (<c>lateral_convs.0.conv.weight</c>).</summary>
internal sealed class NamedConv : nn.Module
{
    /// <summary>Creates the convolution with all parameters 0.</summary>
    public NamedConv(int inChannels, int outChannels, int kernel, int stride)
        : base(nameof(NamedConv))
    {
        Conv = new ConvLayer(inChannels, outChannels, kernel, stride);
        register_module("conv", Conv);
    }

    /// <summary>Gets the convolution.</summary>
    public ConvLayer Conv { get; }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
