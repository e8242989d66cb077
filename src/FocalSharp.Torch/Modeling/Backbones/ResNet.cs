using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// A ResNet or ResNeXt in torchvision's style and with its parameter names: images <c>[B, 3, H, W]</c> to the features C2 to C5 of its four
/// stages at strides 4, 8, 16, 32. Initial weights: Kaiming normal (fan-out), the scale of each block's last norm 0.
/// </summary>
internal sealed class ResNet : Backbone, IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>, INormedConvs
{
    private readonly ConvLayer _stem;
    private readonly nn.Module<Tensor, Tensor> _stemNorm;
    private readonly Sequential[] _stages;

    /// <summary>Creates the network with random weights.</summary>
    public ResNet(ResNetOptions options, Generator generator)
        : base(nameof(ResNet))
    {
        ResNetArchitecture architecture = ResNetArchitecture.FromDepth(options.Depth);
        _stem = new ConvLayer(3, options.BaseChannels, kernel: 7, stride: 2, bias: false);
        _stemNorm = options.CreateNorm(options.BaseChannels);
        Initialization.KaimingNormal(_stem.Weight, generator);
        register_module("conv1", _stem);
        register_module($"{NormLayer.NameOf(options.Norm)}1", _stemNorm);

        int inChannels = options.BaseChannels;
        _stages = new Sequential[architecture.Blocks.Count];
        int[] outChannels = new int[_stages.Length];
        for (int stage = 0; stage < _stages.Length; stage++)
        {
            outChannels[stage] = (options.BaseChannels << stage) * architecture.Expansion;
            ResidualBlock[] blocks = new ResidualBlock[architecture.Blocks[stage]];
            for (int i = 0; i < blocks.Length; i++)
            {
                blocks[i] = new ResidualBlock(inChannels, stage, i == 0 && stage > 0 ? 2 : 1, architecture, options, generator);
                inChannels = outChannels[stage];
            }

            _stages[stage] = nn.Sequential(blocks);
            register_module($"layer{stage + 1}", _stages[stage]);
        }

        OutChannels = outChannels;
        Freeze(options.FrozenStages < 0 ? [] : [_stem, _stemNorm, .. _stages.Take(options.FrozenStages)], options.FrozenBatchNorm);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutChannels { get; }

    /// <inheritdoc/>
    public override bool SupportsBFloat16 => true;

    IEnumerable<(ConvLayer Conv, BatchNorm2d Norm)> INormedConvs.NormedConvs => _stemNorm is BatchNorm2d batch ? [(_stem, batch)] : [];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = FusedMaxPool.Compute(NormRelu.Run(_stem, _stemNorm, input));
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
        OnnxValue x = graph.MaxPool(graph.Relu(NormRelu.Emit(graph, _stem, _stemNorm, input)), kernel: 3, stride: 2, padding: 1);
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
