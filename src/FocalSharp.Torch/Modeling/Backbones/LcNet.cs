using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// PP-LCNet without its classifier: a 3x3 stem of stride 2 and five groups of depthwise-separable blocks with hard-swish, the last
/// with squeeze-and-excitation. The features, of the last three groups, have strides 8, 16 and 32. Initial weights: Kaiming normal
/// (fan-out).
/// </summary>
internal sealed class LcNet : Backbone, IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>
{
    private const int FeatureCount = 3;

    private readonly ConvNormRelu _stem;
    private readonly DepthwiseBlock[][] _groups;

    /// <summary>Creates the network with random weights.</summary>
    public LcNet(LcNetOptions options, Generator generator)
        : base(nameof(LcNet))
    {
        ConvBlockOptions style = new(options.Norm, Activation: ActivationKind.HardSwish);
        int[] channels = options.GetGroupChannels();
        int inChannels = options.GetStemChannels();
        _stem = new ConvNormRelu(3, inChannels, style, generator, stride: 2);
        _groups = new DepthwiseBlock[channels.Length][];
        for (int group = 0; group < channels.Length; group++)
        {
            _groups[group] = [.. LcNetOptions.Groups[group].Select((block, i) => new DepthwiseBlock(
                i == 0 ? inChannels : channels[group], channels[group], style, generator, block.Kernel, block.Stride, block.SqueezeExcite))];
            inChannels = channels[group];
        }

        OutChannels = channels[^FeatureCount..];
        register_module("stem", _stem);
        nn.Module[] groups = [.. _groups.Select(blocks => nn.ModuleList(blocks))];
        for (int group = 0; group < groups.Length; group++)
        {
            register_module($"stage{group}", groups[group]);
        }

        foreach (ConvLayer conv in modules().OfType<ConvLayer>())
        {
            Initialization.KaimingNormal(conv.Weight, generator);
        }

        Freeze(options.FrozenStages < 0 ? [] : [_stem, .. groups.Take(options.FrozenStages)], options.FrozenBatchNorm);
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
        return BlockStages.Run(scope, _stem.call(input), _groups, FeatureCount);
    }

    IReadOnlyList<OnnxValue> IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>.Emit(OnnxGraph graph, OnnxValue input) =>
        BlockStages.Emit(graph, graph.Emit<OnnxValue, OnnxValue>(_stem, input), _groups, FeatureCount);

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
