using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// A depthwise convolution (<c>depthwise</c>) and a 1x1 one over the channels (<c>pointwise</c>), each with norm and activation: a storey
/// of a lighter tower (NanoDet-m's, with kernel 5 NanoDet-Plus's).
/// </summary>
public sealed class DepthwiseBlock : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    /// <summary>Makes the block, weights N(0, 0.01).</summary>
    public DepthwiseBlock(int inChannels, int outChannels, ConvBlockOptions style, Generator generator, int kernel = 3)
        : base(nameof(DepthwiseBlock))
    {
        Depthwise = new ConvNormRelu(
            inChannels, inChannels, style with { NormGroups = Math.Min(style.NormGroups, inChannels) }, generator, kernel, depthwise: true);
        Pointwise = new ConvNormRelu(inChannels, outChannels, style, generator, kernel: 1);
        register_module("depthwise", Depthwise);
        register_module("pointwise", Pointwise);
    }

    /// <summary>The convolution in space.</summary>
    public ConvNormRelu Depthwise { get; }

    /// <summary>The convolution over channels.</summary>
    public ConvNormRelu Pointwise { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(Pointwise.call(Depthwise.call(input)));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input) =>
        graph.Emit(Pointwise, graph.Emit(Depthwise, input));

    /// <summary>Nothing: all parts are registered by their names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
