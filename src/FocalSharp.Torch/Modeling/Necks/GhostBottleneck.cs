using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>Two ghost modules, added to a shortcut of a depthwise and a 1x1 convolution; no activation follows.</summary>
internal sealed class GhostBottleneck : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    private readonly GhostModule _first;
    private readonly GhostModule _second;
    private readonly ConvChain _shortcut;

    /// <summary>Creates the block with random weights.</summary>
    public GhostBottleneck(int inChannels, int outChannels, int kernel, ConvBlockOptions style, Generator generator)
        : base(nameof(GhostBottleneck))
    {
        _first = new GhostModule(inChannels, outChannels, activate: true, style, generator);
        _second = new GhostModule(outChannels, outChannels, activate: false, style, generator);
        _shortcut = new ConvChain(
            style,
            generator,
            new ConvLink("0", "1", inChannels, inChannels, kernel, Depthwise: true, Activate: false),
            new ConvLink("2", "3", inChannels, outChannels, Activate: false));
        register_module("ghost1", _first);
        register_module("ghost2", _second);
        register_module("shortcut", _shortcut);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(_second.call(_first.call(input)).add(_shortcut.call(input)));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input) =>
        graph.Add(graph.EmitChain([_first, _second], input), graph.Emit<OnnxValue, OnnxValue>(_shortcut, input));

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
