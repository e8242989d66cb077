using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// Two 3x3 convolutions of half the channels, one after the other; the second's result and the first's, side by side, are the
/// output, as wide as the input.
/// </summary>
internal sealed class CspBlock : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    /// <summary>Creates the block with random weights.</summary>
    public CspBlock(int channels, ConvBlockOptions style, Generator generator)
        : base(nameof(CspBlock))
    {
        First = new ConvNormRelu(channels, channels / 2, style, generator);
        Second = new ConvNormRelu(channels / 2, channels / 2, style, generator);
        register_module("in_conv", First);
        register_module("mid_conv", Second);
    }

    /// <summary>The first convolution.</summary>
    public ConvNormRelu First { get; }

    /// <summary>The second convolution.</summary>
    public ConvNormRelu Second { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor first = First.call(input);
        return scope.MoveToOuter(cat([Second.call(first), first], 1));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue first = graph.Emit<OnnxValue, OnnxValue>(First, input);
        return graph.Concat(1, graph.Emit<OnnxValue, OnnxValue>(Second, first), first);
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
