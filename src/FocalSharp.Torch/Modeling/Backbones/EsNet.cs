using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// ESNet: ShuffleNetV2 with squeeze-and-excitation, hard-swish, and a depthwise and a 1x1 convolution in place of the shuffle
/// where a stage begins. A 3x3 stem of stride 2, a max pool and three stages; the features have strides 8, 16 and 32. Initial
/// weights: Kaiming normal (fan-out).
/// </summary>
internal sealed class EsNet : Backbone, IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>
{
    private readonly ConvNormRelu _stem;
    private readonly nn.Module<Tensor, Tensor>[][] _stages;

    /// <summary>Creates the network with random weights.</summary>
    public EsNet(EsNetOptions options, Generator generator)
        : base(nameof(EsNet))
    {
        ConvBlockOptions style = new(options.Norm, Activation: ActivationKind.HardSwish);
        int[] channels = options.GetStageChannels();
        Queue<int> inner = new(options.GetInnerChannels());
        _stem = new ConvNormRelu(3, EsNetOptions.StemChannels, style, generator, stride: 2);
        _stages = [.. EsNetOptions.Blocks.Select((blocks, stage) => Enumerable.Range(0, blocks)
            .Select(block => block == 0
                ? new EsNetStrideBlock(stage == 0 ? EsNetOptions.StemChannels : channels[stage - 1], inner.Dequeue(), channels[stage], style, generator)
                : (nn.Module<Tensor, Tensor>)new EsNetBlock(inner.Dequeue(), channels[stage], style, generator))
            .ToArray())];
        OutChannels = channels;
        register_module("stem", _stem);
        nn.Module[] stages = [.. _stages.Select(blocks => nn.ModuleList(blocks))];
        for (int stage = 0; stage < stages.Length; stage++)
        {
            register_module($"stage{stage + EsNetOptions.FirstStage}", stages[stage]);
        }

        foreach (ConvLayer conv in modules().OfType<ConvLayer>())
        {
            Initialization.KaimingNormal(conv.Weight, generator);
        }

        Freeze(options.FrozenStages < 0 ? [] : [_stem, .. stages.Take(options.FrozenStages)], options.FrozenBatchNorm);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutChannels { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Strides => [8, 16, 32];

    /// <inheritdoc/>
    public override bool SupportsBFloat16 => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return BlockStages.Run(scope, FusedMaxPool.Compute(_stem.call(input)), _stages, _stages.Length);
    }

    IReadOnlyList<OnnxValue> IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue x = graph.MaxPool(graph.Emit<OnnxValue, OnnxValue>(_stem, input), kernel: 3, stride: 2, padding: 1);
        return BlockStages.Emit(graph, x, _stages, _stages.Length);
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
