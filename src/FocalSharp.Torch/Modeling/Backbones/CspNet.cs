using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// NanoDet-g's backbone: a 3x3 stem of stride 2, a max pool, and four CSP stages, each doubling the channels. Initial weights:
/// Kaiming normal (fan-out); without norms it needs pretrained weights.
/// </summary>
internal sealed class CspNet : Backbone, IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>
{
    private readonly CspStage[] _stages;

    /// <summary>Creates the network with random weights.</summary>
    public CspNet(CspNetOptions options, Generator generator)
        : base(nameof(CspNet))
    {
        ConvBlockOptions style = new(options.Norm, NegativeSlope: options.NegativeSlope);
        Stem = new ConvNormRelu(3, options.BaseChannels, style, generator, stride: 2);
        _stages = [.. options.Blocks.Select((blocks, stage) =>
            new CspStage(options.BaseChannels << stage, blocks, stage == 0 ? 1 : 2, style, generator))];
        OutChannels = [.. _stages.Select((_, stage) => options.BaseChannels << (stage + 1))];
        register_module("stem", Stem);
        register_module("stages", nn.ModuleList(_stages));
        foreach (ConvLayer conv in modules().OfType<ConvLayer>())
        {
            Initialization.KaimingNormal(conv.Weight, generator);
        }

        Freeze(options.FrozenStages < 0 ? [] : [Stem, .. _stages.Take(options.FrozenStages)], options.FrozenBatchNorm);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutChannels { get; }

    /// <inheritdoc/>
    public override bool SupportsBFloat16 => true;

    /// <summary>Gets the first convolution; a 3x3 max pool of stride 2 follows it.</summary>
    private ConvNormRelu Stem { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = FusedMaxPool.Compute(Stem.call(input));
        Tensor[] features = new Tensor[_stages.Length];
        for (int i = 0; i < _stages.Length; i++)
        {
            x = _stages[i].call(x);
            features[i] = scope.MoveToOuter(x);
        }

        return features;
    }

    IReadOnlyList<OnnxValue> IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue x = graph.MaxPool(graph.Emit<OnnxValue, OnnxValue>(Stem, input), kernel: 3, stride: 2, padding: 1);
        OnnxValue[] features = new OnnxValue[_stages.Length];
        for (int i = 0; i < _stages.Length; i++)
        {
            features[i] = x = graph.Emit<OnnxValue, OnnxValue>(_stages[i], x);
        }

        return features;
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
