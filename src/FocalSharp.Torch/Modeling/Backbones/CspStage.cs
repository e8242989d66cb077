using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// A cross-stage-partial stage: an in-convolution with the stride, blocks and an out-convolution; the out-convolution's result
/// and the in-convolution's, side by side, are the output, twice as wide as the input.
/// </summary>
internal sealed class CspStage : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    private readonly CspBlock[] _blocks;

    /// <summary>Creates the stage with random weights.</summary>
    public CspStage(int channels, int blocks, int stride, ConvBlockOptions style, Generator generator)
        : base(nameof(CspStage))
    {
        In = new ConvNormRelu(channels, channels, style, generator, stride: stride);
        _blocks = [.. Enumerable.Range(0, blocks).Select(_ => new CspBlock(channels, style, generator))];
        Out = new ConvNormRelu(channels, channels, style, generator);
        register_module("in_conv", In);
        register_module("res_blocks", nn.ModuleList(_blocks));
        register_module("res_out_conv", Out);
    }

    /// <summary>The convolution with the stride.</summary>
    public ConvNormRelu In { get; }

    /// <summary>The blocks in order.</summary>
    public IReadOnlyList<CspBlock> Blocks => _blocks;

    /// <summary>The convolution after the blocks.</summary>
    public ConvNormRelu Out { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor entered = In.call(input);
        Tensor x = entered;
        foreach (CspBlock block in _blocks)
        {
            x = block.call(x);
        }

        return scope.MoveToOuter(cat([Out.call(x), entered], 1));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue entered = graph.Emit<OnnxValue, OnnxValue>(In, input);
        return graph.Concat(1, graph.Emit<OnnxValue, OnnxValue>(Out, graph.EmitChain(_blocks, entered)), entered);
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
