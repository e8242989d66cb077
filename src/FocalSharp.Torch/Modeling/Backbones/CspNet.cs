using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// NanoDet-g's backbone: a 3x3 stem of stride 2, a max pool, and four CSP stages, each doubling the channels. It starts from scratch with
/// Kaiming normal (fan-out); without norms it is meant for pretrained weights.
/// </summary>
public sealed class CspNet : Backbone
{
    private readonly CspStage[] _stages;

    /// <summary>Makes the network and fills it from the generator.</summary>
    /// <exception cref="FocalSharpException">An option is out of its range.</exception>
    public CspNet(BackboneOptions options, CspOptions csp, Generator generator)
        : base(nameof(CspNet), options)
    {
        options.Validate();
        ConvBlockOptions style = new(csp.Norm, NegativeSlope: csp.NegativeSlope);
        Stem = new ConvNormRelu(3, options.BaseChannels, style, generator, stride: 2);
        _stages = [.. csp.Blocks.Select((blocks, stage) =>
            new CspStage(options.BaseChannels << stage, blocks, stage == 0 ? 1 : 2, style, generator))];
        OutChannels = [.. _stages.Select((_, stage) => options.BaseChannels << (stage + 1))];
        register_module("stem", Stem);
        register_module("stages", nn.ModuleList(_stages));
        foreach (ConvLayer conv in modules().OfType<ConvLayer>())
        {
            Initialization.KaimingNormal(conv.Weight, generator);
        }

        Freeze();
    }

    /// <summary>The first convolution; a 3x3 max pool of stride 2 follows it.</summary>
    public ConvNormRelu Stem { get; }

    /// <summary>The stages, C2..C5.</summary>
    public IReadOnlyList<CspStage> Stages => _stages;

    private protected override IEnumerable<nn.Module> StemParts => [Stem];

    private protected override IReadOnlyList<nn.Module> StageParts => _stages;

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

    private protected override IReadOnlyList<OnnxValue> Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue x = graph.MaxPool(graph.Emit(Stem, input), kernel: 3, stride: 2, padding: 1);
        OnnxValue[] features = new OnnxValue[_stages.Length];
        for (int i = 0; i < _stages.Length; i++)
        {
            features[i] = x = graph.Emit(_stages[i], x);
        }

        return features;
    }

    /// <summary>Nothing: all parts are registered by their names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
