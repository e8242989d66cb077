using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// A depthwise convolution (<c>depthwise</c>) and a 1x1 convolution (<c>pointwise</c>), each with norm and activation: the block
/// of a lighter tower (NanoDet-m; with kernel 5 NanoDet-Plus and PicoDet), and of PicoDet's necks and LCNet, which can have
/// squeeze-and-excitation (<c>se</c>) between them.
/// </summary>
internal sealed class DepthwiseBlock : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    /// <summary>Creates the block with weights N(0, 0.01).</summary>
    public DepthwiseBlock(
        int inChannels, int outChannels, ConvBlockOptions style, Generator generator, int kernel = 3, int stride = 1, bool squeezeExcite = false)
        : base(nameof(DepthwiseBlock))
    {
        Depthwise = new ConvNormRelu(
            inChannels, inChannels, style with { NormGroups = Math.Min(style.NormGroups, inChannels) }, generator, kernel, stride, depthwise: true);
        Pointwise = new ConvNormRelu(inChannels, outChannels, style, generator, kernel: 1);
        register_module("depthwise", Depthwise);
        if (squeezeExcite)
        {
            Excite = new SqueezeExcite(inChannels);
            register_module("se", Excite);
        }

        register_module("pointwise", Pointwise);
    }

    /// <summary>Gets the depthwise convolution.</summary>
    public ConvNormRelu Depthwise { get; }

    /// <summary>Gets the squeeze-and-excitation, or null.</summary>
    public SqueezeExcite? Excite { get; }

    /// <summary>Gets the 1x1 convolution.</summary>
    public ConvNormRelu Pointwise { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Depthwise.call(input);
        return scope.MoveToOuter(Pointwise.call(Excite is null ? x : Excite.call(x)));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input) =>
        graph.EmitChain(Excite is null ? [Depthwise, Pointwise] : [Depthwise, Excite, Pointwise], input);

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
