using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// A ResNet in torchvision's ("pytorch") style and with its names: images <c>[B, 3, H, W]</c> to the four stages' features C2..C5 at
/// strides 4, 8, 16, 32. It starts from scratch: Kaiming normal (fan-out), each block's last batch norm at zero.
/// </summary>
public sealed class ResNet : Backbone, INormedConvs
{
    private readonly ConvLayer _stem;
    private readonly nn.Module<Tensor, Tensor> _stemNorm;
    private readonly Sequential[] _stages;

    /// <summary>Makes the network and fills it from the generator.</summary>
    /// <exception cref="FocalSharpException">An option is out of its range.</exception>
    public ResNet(BackboneOptions options, Generator generator)
        : base(nameof(ResNet), options)
    {
        options.Validate();
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
            int channels = options.BaseChannels << stage;
            outChannels[stage] = channels * architecture.Expansion;
            ResidualBlock[] blocks = new ResidualBlock[architecture.Blocks[stage]];
            for (int i = 0; i < blocks.Length; i++)
            {
                blocks[i] = new ResidualBlock(inChannels, channels, i == 0 && stage > 0 ? 2 : 1, architecture, options, generator);
                inChannels = outChannels[stage];
            }

            _stages[stage] = nn.Sequential(blocks);
            register_module($"layer{stage + 1}", _stages[stage]);
        }

        OutChannels = outChannels;
        Freeze();
    }

    IEnumerable<(ConvLayer Conv, BatchNorm2d Norm)> INormedConvs.NormedConvs => _stemNorm is BatchNorm2d batch ? [(_stem, batch)] : [];

    private protected override IEnumerable<nn.Module> StemParts => [_stem, _stemNorm];

    private protected override IReadOnlyList<nn.Module> StageParts => _stages;

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

    private protected override IReadOnlyList<OnnxValue> Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue x = graph.MaxPool(graph.Relu(graph.NormedConv(_stem, _stemNorm, input)), kernel: 3, stride: 2, padding: 1);
        OnnxValue[] features = new OnnxValue[_stages.Length];
        for (int i = 0; i < _stages.Length; i++)
        {
            features[i] = x = graph.Chain(_stages[i].children(), x);
        }

        return features;
    }

    /// <summary>Nothing: all parts are registered by their official names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
