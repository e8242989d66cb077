using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// A feature pyramid network (arXiv 1612.03144): 1x1 laterals, top-down sums with nearest upsampling, 3x3 output convolutions;
/// further levels are stride-2 convolutions on the last output, without ReLU between. Initial weights: Xavier uniform, biases 0.
/// </summary>
internal sealed class Fpn : Neck, IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>
{
    private readonly int _startLevel;
    private readonly NamedConv[] _laterals;
    private readonly NamedConv[] _outputs;

    /// <summary>Creates the pyramid for a backbone, with random weights.</summary>
    public Fpn(FpnOptions options, Backbone backbone, Generator generator)
        : base(nameof(Fpn), options.Channels, GetStrides(options, backbone))
    {
        _startLevel = options.StartLevel;
        _laterals = [.. backbone.OutChannels.Skip(_startLevel).Select(channels => new NamedConv(channels, options.Channels, 1, 1))];
        _outputs = [.. Enumerable.Range(0, options.Levels)
            .Select(level => new NamedConv(options.Channels, options.Channels, 3, level < _laterals.Length ? 1 : 2))];
        foreach (NamedConv slot in _laterals.Concat(_outputs))
        {
            Initialization.XavierUniform(slot.Conv.Weight, generator);
        }

        register_module("lateral_convs", nn.ModuleList(_laterals));
        register_module("fpn_convs", nn.ModuleList(_outputs));
    }

    /// <inheritdoc/>
    public override bool SupportsBFloat16 => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] merged = new Tensor[_laterals.Length];
        for (int i = merged.Length - 1; i >= 0; i--)
        {
            Tensor lateral = _laterals[i].Conv.call(input[_startLevel + i]);
            merged[i] = i == merged.Length - 1
                ? lateral
                : FusedUpsampleAdd.Compute(lateral, merged[i + 1]);
        }

        Tensor[] levels = new Tensor[_outputs.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = _outputs[i].Conv.call(i < merged.Length ? merged[i] : levels[i - 1]);
        }

        scope.MoveToOuter(levels);
        return levels;
    }

    IReadOnlyList<OnnxValue> IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>.Emit(
        OnnxGraph graph, IReadOnlyList<OnnxValue> input)
    {
        OnnxValue[] merged = new OnnxValue[_laterals.Length];
        for (int i = merged.Length - 1; i >= 0; i--)
        {
            OnnxValue lateral = graph.Emit<OnnxValue, OnnxValue>(_laterals[i].Conv, input[_startLevel + i]);
            merged[i] = i == merged.Length - 1 ? lateral : graph.Add(lateral, graph.UpsampleNearest(merged[i + 1], like: lateral));
        }

        OnnxValue[] levels = new OnnxValue[_outputs.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = graph.Emit<OnnxValue, OnnxValue>(_outputs[i].Conv, i < merged.Length ? merged[i] : levels[i - 1]);
        }

        return levels;
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
