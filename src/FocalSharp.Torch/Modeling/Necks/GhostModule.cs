using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// A ghost module (arXiv 1911.11907): a 1x1 convolution to half of the channels, and a 3x3 depthwise convolution of it for the
/// other half.
/// </summary>
internal sealed class GhostModule : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    private readonly ConvChain _primary;
    private readonly ConvChain _cheap;

    /// <summary>Creates the module with random weights.</summary>
    public GhostModule(int inChannels, int outChannels, bool activate, ConvBlockOptions style, Generator generator)
        : base(nameof(GhostModule))
    {
        int half = outChannels / 2;
        _primary = new ConvChain(style, generator, new ConvLink("0", "1", inChannels, half, Activate: activate));
        _cheap = new ConvChain(style, generator, new ConvLink("0", "1", half, half, Kernel: 3, Depthwise: true, Activate: activate));
        register_module("primary_conv", _primary);
        register_module("cheap_operation", _cheap);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor primary = _primary.call(input);
        return scope.MoveToOuter(cat([primary, _cheap.call(primary)], 1));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue primary = graph.Emit<OnnxValue, OnnxValue>(_primary, input);
        return graph.Concat(1, primary, graph.Emit<OnnxValue, OnnxValue>(_cheap, primary));
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
