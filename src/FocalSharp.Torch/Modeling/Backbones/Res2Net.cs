using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// A Res2Net 1d with mmdetection's parameter names: images <c>[B, 3, H, W]</c> to the features C2 to C5 of its four stages at strides 4, 8, 16, 32.
/// </summary>
internal sealed class Res2Net : Backbone, IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>, INormedConvs
{
    private readonly (ConvLayer Conv, BatchNorm2d Norm)[] _stem;
    private readonly Sequential[] _stages;

    /// <summary>Creates the network with random weights.</summary>
    public Res2Net(Res2NetOptions options, Generator generator)
        : base(nameof(Res2Net))
    {
        const int Half = Res2NetOptions.BaseChannels / 2;
        _stem =
        [
            (new ConvLayer(3, Half, kernel: 3, stride: 2, bias: false), nn.BatchNorm2d(Half)),
            (new ConvLayer(Half, Half, kernel: 3, bias: false), nn.BatchNorm2d(Half)),
            (new ConvLayer(Half, 2 * Half, kernel: 3, bias: false), nn.BatchNorm2d(2 * Half)),
        ];

        // Each convolution is followed by its norm and a ReLU, which counts in the names.
        ModuleGroup stem = new(_stem.SelectMany((pair, i) => new (string, nn.Module)[] { ($"{3 * i}", pair.Conv), ($"{(3 * i) + 1}", pair.Norm) }));
        register_module("stem", stem);
        foreach ((ConvLayer conv, _) in _stem)
        {
            Initialization.KaimingNormal(conv.Weight, generator);
        }

        IReadOnlyList<int> blocks = ResNetArchitecture.FromDepth(options.Depth).Blocks;
        int inChannels = Res2NetOptions.BaseChannels;
        int[] outChannels = new int[blocks.Count];
        _stages = new Sequential[blocks.Count];
        for (int stage = 0; stage < _stages.Length; stage++)
        {
            Res2NetBlock[] own = new Res2NetBlock[blocks[stage]];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = new Res2NetBlock(inChannels, stage, isFirst: i == 0, options, generator);
                inChannels = outChannels[stage] = (Res2NetOptions.BaseChannels << stage) * 4;
            }

            _stages[stage] = nn.Sequential(own);
            register_module($"layer{stage + 1}", _stages[stage]);
        }

        OutChannels = outChannels;
        Freeze(options.FrozenStages < 0 ? [] : [stem, .. _stages.Take(options.FrozenStages)], options.FrozenBatchNorm);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutChannels { get; }

    /// <inheritdoc/>
    public override bool SupportsBFloat16 => true;

    IEnumerable<(ConvLayer Conv, BatchNorm2d Norm)> INormedConvs.NormedConvs => _stem;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = FusedMaxPool.Compute(_stem.Aggregate(input, (map, pair) => NormRelu.Run(pair.Conv, pair.Norm, map)));
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
        OnnxValue x = _stem.Aggregate(input, (map, pair) => graph.Relu(NormRelu.Emit(graph, pair.Conv, pair.Norm, map)));
        x = graph.MaxPool(x, kernel: 3, stride: 2, padding: 1);
        OnnxValue[] features = new OnnxValue[_stages.Length];
        for (int i = 0; i < _stages.Length; i++)
        {
            features[i] = x = graph.EmitChain(_stages[i].children(), x);
        }

        return features;
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
