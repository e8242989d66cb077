using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// EfficientNet-Lite, a backbone of NanoDet: a 3x3 stem of stride 2 and seven stages of inverted residual blocks with ReLU6. The
/// features, of the third, fifth and seventh stage, have strides 8, 16 and 32. Parameter names are those of the official NanoDet.
/// Initial weights: Kaiming normal (fan-out).
/// </summary>
internal sealed class EfficientNetLite : Backbone, IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>
{
    private const double NormEpsilon = 1e-3;
    private const double NormMomentum = 0.01;

    private readonly ConvChain _stem;
    private readonly ConvChain[][] _stages;

    /// <summary>Creates the network with random weights.</summary>
    public EfficientNetLite(EfficientNetLiteOptions options, Generator generator)
        : base(nameof(EfficientNetLite))
    {
        ConvBlockOptions style = new(options.Norm, Activation: ActivationKind.Relu6, NormEpsilon: NormEpsilon, NormMomentum: NormMomentum);
        int[] channels = options.GetStageChannels();
        int[] blocks = options.GetStageBlocks();
        OutChannels = [.. EfficientNetLiteOptions.FeatureStages.Select(stage => channels[stage])];
        int inChannels = EfficientNetLiteOptions.StemChannels;
        _stem = new ConvChain(style, generator, new ConvLink("0", "1", 3, inChannels, Kernel: 3, Stride: 2));
        _stages = new ConvChain[channels.Length][];
        int index = 0;
        for (int stage = 0; stage < _stages.Length; stage++)
        {
            _stages[stage] = new ConvChain[blocks[stage]];
            for (int block = 0; block < blocks[stage]; block++, index++)
            {
                double dropRate = options.DropConnect * index / _stages.Length; // the official divisor is the number of stages, not of blocks
                _stages[stage][block] = CreateBlock(EfficientNetLiteOptions.Stages[stage], block, inChannels, channels[stage], dropRate, style, generator);
                inChannels = channels[stage];
            }
        }

        nn.Module[] lists = [.. _stages.Select(stage => nn.ModuleList(stage))];
        register_module("stem", _stem);
        register_module("blocks", nn.ModuleList(lists));
        Freeze(options.FrozenStages < 0 ? [] : [_stem, .. lists.Take(options.FrozenStages)], options.FrozenBatchNorm);
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
        return BlockStages.Run(scope, _stem.call(input), _stages, EfficientNetLiteOptions.FeatureStages);
    }

    IReadOnlyList<OnnxValue> IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>.Emit(OnnxGraph graph, OnnxValue input) =>
        BlockStages.Emit(graph, graph.Emit<OnnxValue, OnnxValue>(_stem, input), _stages, EfficientNetLiteOptions.FeatureStages);

    // An inverted residual: 1x1 expansion unless the factor is 1, depthwise convolution, 1x1 projection without activation.
    private static ConvChain CreateBlock(
        (int Blocks, int Kernel, int Stride, int Expansion, int Channels) stage,
        int block,
        int inChannels,
        int outChannels,
        double dropRate,
        ConvBlockOptions style,
        Generator generator)
    {
        int inner = inChannels * stage.Expansion;
        int stride = block == 0 ? stage.Stride : 1;
        ConvLink expand = new("_expand_conv", "_bn0", inChannels, inner);
        ConvLink depthwise = new("_depthwise_conv", "_bn1", inner, inner, stage.Kernel, stride, Depthwise: true);
        ConvLink project = new("_project_conv", "_bn2", inner, outChannels, Activate: false);
        bool residual = stride == 1 && inChannels == outChannels;
        return new ConvChain(style, generator, inner == inChannels ? [depthwise, project] : [expand, depthwise, project])
        {
            IsResidual = residual,
            DropRate = residual ? dropRate : 0,
        };
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
