using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Layers;

/// <summary>One storey of the head's towers: 3x3 convolution without bias (<c>conv</c>), GroupNorm (<c>gn</c>), ReLU.</summary>
public sealed class ConvNormRelu : nn.Module<Tensor, Tensor>
{
    private readonly ConvLayer _conv;
    private readonly GroupNorm _norm;

    /// <summary>Makes the layer, weights N(0, 0.01), norm 1 and 0, as the official head.</summary>
    public ConvNormRelu(int inChannels, int outChannels, int normGroups, Generator generator)
        : base(nameof(ConvNormRelu))
    {
        _conv = new ConvLayer(inChannels, outChannels, kernel: 3, bias: false);
        _norm = nn.GroupNorm(normGroups, outChannels);
        register_module("conv", _conv);
        register_module("gn", _norm);
        Initialization.Normal(_conv.Weight, 0.01, generator);

        // TorchSharp 0.107 leaves the memory of these as it found it.
        Initialization.Constant(_norm.weight!, 1);
        Initialization.Constant(_norm.bias!, 0);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(_norm.call(_conv.call(input)).relu_());
    }

    /// <summary>Nothing: all parts are registered by their official names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
