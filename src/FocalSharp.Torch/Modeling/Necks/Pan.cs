using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// NanoDet's path aggregation by addition: 1x1 laterals without activation, sums from the coarsest level to the finest and back,
/// resized by bilinear interpolation (half-pixel centers). Only the laterals have weights; further levels are stride-2 3x3
/// convolutions on the last. Initial weights: Xavier uniform, biases 0.
/// </summary>
internal sealed class Pan : Neck, IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>
{
    private readonly int _startLevel;
    private readonly NamedConv[] _laterals;
    private readonly NamedConv[] _extra;

    /// <summary>Creates the pyramid for a backbone, with random weights.</summary>
    public Pan(PanOptions options, Backbone backbone, Generator generator)
        : base(nameof(Pan), options.Channels, GetStrides(options, backbone))
    {
        _startLevel = options.StartLevel;
        _laterals = [.. backbone.OutChannels.Skip(_startLevel).Select(channels => new NamedConv(channels, options.Channels, 1, 1))];
        _extra = [.. Enumerable.Range(0, options.Levels - _laterals.Length)
            .Select(_ => new NamedConv(options.Channels, options.Channels, 3, 2))];
        foreach (NamedConv slot in _laterals.Concat(_extra))
        {
            Initialization.XavierUniform(slot.Conv.Weight, generator);
        }

        register_module("lateral_convs", nn.ModuleList(_laterals));
        register_module("extra_convs", nn.ModuleList(_extra));
    }

    /// <inheritdoc/>
    public override bool SupportsBFloat16 => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] levels = new Tensor[_laterals.Length + _extra.Length];
        for (int i = 0; i < _laterals.Length; i++)
        {
            levels[i] = _laterals[i].Conv.call(input[_startLevel + i]);
        }

        for (int i = _laterals.Length - 2; i >= 0; i--)
        {
            levels[i] = levels[i].add_(Resized(levels[i + 1], levels[i]));
        }

        for (int i = 1; i < _laterals.Length; i++)
        {
            levels[i] = levels[i].add_(Resized(levels[i - 1], levels[i]));
        }

        for (int i = 0; i < _extra.Length; i++)
        {
            levels[_laterals.Length + i] = _extra[i].Conv.call(levels[_laterals.Length + i - 1]);
        }

        scope.MoveToOuter(levels);
        return levels;
    }

    IReadOnlyList<OnnxValue> IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>.Emit(
        OnnxGraph graph, IReadOnlyList<OnnxValue> input)
    {
        OnnxValue[] levels = new OnnxValue[_laterals.Length + _extra.Length];
        for (int i = 0; i < _laterals.Length; i++)
        {
            levels[i] = graph.Emit<OnnxValue, OnnxValue>(_laterals[i].Conv, input[_startLevel + i]);
        }

        for (int i = _laterals.Length - 2; i >= 0; i--)
        {
            levels[i] = graph.Add(levels[i], graph.ResizeBilinear(levels[i + 1], like: levels[i]));
        }

        for (int i = 1; i < _laterals.Length; i++)
        {
            levels[i] = graph.Add(levels[i], graph.ResizeBilinear(levels[i - 1], like: levels[i]));
        }

        for (int i = 0; i < _extra.Length; i++)
        {
            levels[_laterals.Length + i] = graph.Emit<OnnxValue, OnnxValue>(_extra[i].Conv, levels[_laterals.Length + i - 1]);
        }

        return levels;
    }

    private static Tensor Resized(Tensor level, Tensor like) =>
        nn.functional.interpolate(level, size: like.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
