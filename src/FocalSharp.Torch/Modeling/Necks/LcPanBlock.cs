using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>LC-PAN's block: two depthwise-separable blocks; the second reduces the channels.</summary>
internal sealed class LcPanBlock : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    private readonly DepthwiseBlock[] _blocks;

    /// <summary>Creates the block with random weights.</summary>
    public LcPanBlock(int inChannels, int outChannels, int kernel, ConvBlockOptions style, Generator generator)
        : base(nameof(LcPanBlock))
    {
        _blocks = [new(inChannels, inChannels, style, generator, kernel), new(inChannels, outChannels, style, generator, kernel)];
        register_module("0", _blocks[0]);
        register_module("1", _blocks[1]);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(_blocks[1].call(_blocks[0].call(input)));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input) => graph.EmitChain(_blocks, input);

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
