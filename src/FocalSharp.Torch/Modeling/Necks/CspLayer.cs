using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// CSP-PAN's block: two 1x1 convolutions to half of the output channels, one of them with a bottleneck after it; a last 1x1
/// convolution of both results, side by side.
/// </summary>
internal sealed class CspLayer : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    private readonly ConvNormRelu _short;
    private readonly nn.Module<Tensor, Tensor>[] _main;
    private readonly ConvNormRelu _final;

    /// <summary>Creates the layer with random weights.</summary>
    public CspLayer(int inChannels, int outChannels, int kernel, ConvBlockOptions style, Generator generator)
        : base(nameof(CspLayer))
    {
        int inner = outChannels / 2;
        _short = new ConvNormRelu(inChannels, inner, style, generator, kernel: 1);
        _main =
        [
            new ConvNormRelu(inChannels, inner, style, generator, kernel: 1),
            new ConvNormRelu(inner, inner, style, generator, kernel: 1),
            new DepthwiseBlock(inner, inner, style, generator, kernel),
        ];
        _final = new ConvNormRelu(2 * inner, outChannels, style, generator, kernel: 1);
        register_module("short_conv", _short);
        register_module("main_conv", _main[0]);
        register_module("bottleneck_conv", _main[1]);
        register_module("bottleneck_block", _main[2]);
        register_module("final_conv", _final);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor main = _main.Aggregate(input, (x, layer) => layer.call(x));
        return scope.MoveToOuter(_final.call(cat([main, _short.call(input)], 1)));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue beside = graph.Emit<OnnxValue, OnnxValue>(_short, input);
        return graph.Emit<OnnxValue, OnnxValue>(_final, graph.Concat(1, graph.EmitChain(_main, input), beside));
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
