using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// A feature pyramid (Lin et al. 2017): 1x1 laterals, top-down sums by nearest upsampling, 3x3 outputs; further levels by stride-2
/// convolutions on the last output, without ReLU between. It starts from Xavier uniform, biases zero.
/// </summary>
public sealed class Fpn : Neck
{
    private readonly int _startLevel;
    private readonly NamedConv[] _laterals;
    private readonly NamedConv[] _outputs;

    /// <summary>Makes the pyramid for a backbone's channels and fills it from the generator.</summary>
    /// <exception cref="FocalSharpException">An option is out of its range.</exception>
    public Fpn(NeckOptions options, IReadOnlyList<int> backboneChannels, Generator generator)
        : base(nameof(Fpn))
    {
        options.Validate(backboneChannels.Count);
        _startLevel = options.StartLevel;
        _laterals = [.. backboneChannels.Skip(_startLevel).Select(channels => new NamedConv(channels, options.Channels, 1, 1))];
        _outputs = [.. Enumerable.Range(0, options.Levels)
            .Select(level => new NamedConv(options.Channels, options.Channels, 3, level < _laterals.Length ? 1 : 2))];
        foreach (NamedConv slot in _laterals.Concat(_outputs))
        {
            Initialization.XavierUniform(slot.Conv.Weight, generator);
        }

        register_module("lateral_convs", nn.ModuleList(_laterals));
        register_module("fpn_convs", nn.ModuleList(_outputs));
    }

    /// <summary>C2..C5 to the pyramid's levels, finest first.</summary>
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

    private protected override IReadOnlyList<OnnxValue> Emit(OnnxGraph graph, IReadOnlyList<OnnxValue> input)
    {
        OnnxValue[] merged = new OnnxValue[_laterals.Length];
        for (int i = merged.Length - 1; i >= 0; i--)
        {
            OnnxValue lateral = graph.Conv(_laterals[i].Conv, input[_startLevel + i]);
            merged[i] = i == merged.Length - 1 ? lateral : graph.Add(lateral, graph.UpsampleNearest(merged[i + 1], like: lateral));
        }

        OnnxValue[] levels = new OnnxValue[_outputs.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = graph.Conv(_outputs[i].Conv, i < merged.Length ? merged[i] : levels[i - 1]);
        }

        return levels;
    }

    /// <summary>Nothing: all parts are registered by their official names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
