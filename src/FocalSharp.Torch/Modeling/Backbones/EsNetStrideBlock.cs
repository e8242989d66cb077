using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// ESNet's block of stride 2: a depthwise and a 1x1 convolution beside an expanded, excited and projected branch; both results,
/// side by side, pass a depthwise and a 1x1 convolution.
/// </summary>
internal sealed class EsNetStrideBlock : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    private readonly nn.Module<Tensor, Tensor>[] _shortcut;
    private readonly nn.Module<Tensor, Tensor>[] _branch;
    private readonly DepthwiseBlock _merge;

    /// <summary>Creates the block with random weights.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="inner">Twice the channels that are excited.</param>
    /// <param name="channels">Channels of the output.</param>
    /// <param name="style">Norm and activation.</param>
    /// <param name="generator">Source of the random weights.</param>
    public EsNetStrideBlock(int inChannels, int inner, int channels, ConvBlockOptions style, Generator generator)
        : base(nameof(EsNetStrideBlock))
    {
        ConvBlockOptions linear = style with { Activation = ActivationKind.None };
        _shortcut =
        [
            new ConvNormRelu(inChannels, inChannels, linear, generator, stride: 2, depthwise: true),
            new ConvNormRelu(inChannels, channels / 2, style, generator, kernel: 1),
        ];
        _branch =
        [
            new ConvNormRelu(inChannels, inner / 2, style, generator, kernel: 1),
            new ConvNormRelu(inner / 2, inner / 2, linear, generator, stride: 2, depthwise: true),
            new SqueezeExcite(inner / 2),
            new ConvNormRelu(inner / 2, channels / 2, style, generator, kernel: 1),
        ];
        _merge = new DepthwiseBlock(channels, channels, style, generator);
        register_module("shortcut_depthwise", _shortcut[0]);
        register_module("shortcut_pointwise", _shortcut[1]);
        register_module("expand", _branch[0]);
        register_module("depthwise", _branch[1]);
        register_module("se", _branch[2]);
        register_module("project", _branch[3]);
        register_module("merge", _merge);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(_merge.call(cat([Run(_shortcut, input), Run(_branch, input)], 1)));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue shortcut = graph.EmitChain(_shortcut, input);
        return graph.Emit<OnnxValue, OnnxValue>(_merge, graph.Concat(1, shortcut, graph.EmitChain(_branch, input)));
    }

    private static Tensor Run(nn.Module<Tensor, Tensor>[] layers, Tensor input) => layers.Aggregate(input, (x, layer) => layer.call(x));

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
