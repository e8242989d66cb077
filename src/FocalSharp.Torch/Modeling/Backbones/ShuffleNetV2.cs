using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// ShuffleNetV2 (arXiv 1807.11164), NanoDet-Plus's backbone: a 3x3 stem of stride 2, a max pool, and three stages of 4, 8 and 4
/// blocks, whose outputs at strides 8, 16 and 32 are the feature maps. Parameter names are torchvision's.
/// </summary>
internal sealed class ShuffleNetV2 : Backbone, IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>
{
    private const int StemChannels = 24;

    private static readonly int[] Blocks = [4, 8, 4];

    private readonly ConvChain _stem;
    private readonly ShuffleBlock[][] _stages;

    /// <summary>Creates the network with random weights.</summary>
    public ShuffleNetV2(ShuffleNetV2Options options, Generator generator)
        : base(nameof(ShuffleNetV2))
    {
        ConvBlockOptions style = new(options.Norm, NegativeSlope: options.NegativeSlope);
        OutChannels = options.StageChannels;
        _stem = new ConvChain(style, generator, new ConvLink("0", "1", 3, StemChannels, Kernel: 3, Stride: 2));
        _stages = new ShuffleBlock[Blocks.Length][];
        register_module("conv1", _stem);
        int channels = StemChannels;
        for (int stage = 0; stage < Blocks.Length; stage++)
        {
            int output = OutChannels[stage];
            _stages[stage] = [.. Enumerable.Range(0, Blocks[stage])
                .Select(block => new ShuffleBlock(block == 0 ? channels : output, output, block == 0 ? 2 : 1, style, generator))];
            register_module($"stage{stage + 2}", nn.ModuleList(_stages[stage]));
            channels = output;
        }

        Freeze(options.FrozenStages < 0 ? [] : [_stem, .. _stages.Take(options.FrozenStages).SelectMany(stage => stage)], options.FrozenBatchNorm);
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
        OnnxValue[] features = new OnnxValue[_stages.Length];
        for (int i = 0; i < _stages.Length; i++)
        {
            foreach (ShuffleBlock block in _stages[i])
            {
                x = block.Emit(graph, x);
            }

            features[i] = x = _stages[i][^1].EmitChannels(graph, x, 0, OutChannels[i]);
        }

        return features;
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
