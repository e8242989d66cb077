using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// A block of ShuffleNetV2. With stride 2 both branches read the whole input; with stride 1 the first half of the channels
/// passes through and the second half goes through the branch. Then the channels of both are interleaved.
/// </summary>
internal sealed class ShuffleBlock : nn.Module<Tensor, Tensor>
{
    private readonly ConvChain? _downsample;
    private readonly ConvChain _branch;
    private readonly int _half;

    /// <summary>Creates the block with random weights.</summary>
    public ShuffleBlock(int inChannels, int outChannels, int stride, ConvBlockOptions style, Generator generator)
        : base(nameof(ShuffleBlock))
    {
        _half = outChannels / 2;
        if (stride > 1)
        {
            _downsample = new ConvChain(
                style,
                generator,
                new ConvLink("0", "1", inChannels, inChannels, Kernel: 3, stride, Depthwise: true, Activate: false),
                new ConvLink("2", "3", inChannels, _half));
            register_module("branch1", _downsample);
        }

        _branch = new ConvChain(
            style,
            generator,
            new ConvLink("0", "1", stride > 1 ? inChannels : _half, _half),
            new ConvLink("3", "4", _half, _half, Kernel: 3, stride, Depthwise: true, Activate: false),
            new ConvLink("5", "6", _half, _half));
        register_module("branch2", _branch);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        if (_downsample is null && _branch.SupportsPadded(input))
        {
            (Tensor passed, Tensor other) = FusedSplit.Compute(input, _branch.PaddedChannels);
            return scope.MoveToOuter(FusedInterleave.Compute(passed, _branch.ForwardPadded(other)));
        }

        (Tensor first, Tensor second) = _downsample is null
            ? (input.narrow(1, 0, _half), _branch.call(input.narrow(1, _half, _half)))
            : (_downsample.call(input), _branch.call(input));
        return scope.MoveToOuter(ChannelShuffle.Interleave(first, second));
    }

    /// <summary>
    /// Emits the block without the interleaving at its end, which <see cref="EmitChannels"/> performs on what is read of it.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The output of the block before without its interleaving; for a block of stride 2, features.</param>
    public OnnxValue Emit(OnnxGraph graph, OnnxValue input)
    {
        (OnnxValue first, OnnxValue second) = _downsample is null
            ? (EmitChannels(graph, input, 0, _half), EmitChannels(graph, input, _half, _half))
            : (graph.Emit<OnnxValue, OnnxValue>(_downsample, input), input);
        return graph.Concat(1, first, graph.Emit<OnnxValue, OnnxValue>(_branch, second));
    }

    /// <summary>
    /// Emits a range of interleaved channels: a gather of whole channels, which copies rows, where a reshape, a transpose and a split
    /// would copy everything twice.
    /// </summary>
    public OnnxValue EmitChannels(OnnxGraph graph, OnnxValue x, int start, int count) => graph.Gather(
        x, graph.Integers([.. Enumerable.Range(start, count).Select(channel => (long)((channel % 2 * _half) + (channel / 2)))]), 1);

    /// <summary>Gets the number of output channels.</summary>
    public int OutChannels => 2 * _half;

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
