using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// ESNet's block without stride: half of the channels pass; the other half is expanded by a 1x1 convolution, whose output and its
/// depthwise convolution, side by side, are excited and projected back. The halves are interleaved.
/// </summary>
internal sealed class EsNetBlock : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    private readonly int _half;
    private readonly ConvNormRelu _expand;
    private readonly ConvNormRelu _depthwise;
    private readonly SqueezeExcite _excite;
    private readonly ConvNormRelu _project;

    /// <summary>Creates the block with random weights.</summary>
    /// <param name="inner">Channels that are excited.</param>
    /// <param name="channels">Channels of input and output.</param>
    /// <param name="style">Norm and activation.</param>
    /// <param name="generator">Source of the random weights.</param>
    public EsNetBlock(int inner, int channels, ConvBlockOptions style, Generator generator)
        : base(nameof(EsNetBlock))
    {
        _half = channels / 2;
        _expand = new ConvNormRelu(_half, inner / 2, style, generator, kernel: 1);
        _depthwise = new ConvNormRelu(
            inner / 2, inner / 2, style with { Activation = ActivationKind.None }, generator, depthwise: true);
        _excite = new SqueezeExcite(inner);
        _project = new ConvNormRelu(inner, _half, style, generator, kernel: 1);
        register_module("expand", _expand);
        register_module("depthwise", _depthwise);
        register_module("se", _excite);
        register_module("project", _project);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor passed, Tensor other) = ChannelsLast.SupportsBlocks(input)
            ? FusedSplit.Compute(input, _half)
            : (input.narrow(1, 0, _half), input.narrow(1, _half, _half));
        Tensor expanded = _expand.call(other);
        Tensor projected = _project.call(_excite.call(cat([expanded, _depthwise.call(expanded)], 1)));
        return scope.MoveToOuter(ChannelShuffle.Interleave(passed, projected));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue expanded = graph.Emit<OnnxValue, OnnxValue>(_expand, graph.Slice(input, 1, _half, 2 * _half));
        OnnxValue both = graph.Concat(1, expanded, graph.Emit<OnnxValue, OnnxValue>(_depthwise, expanded));
        return ChannelShuffle.EmitInterleave(graph, graph.Slice(input, 1, 0, _half), graph.EmitChain([_excite, _project], both), _half);
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
