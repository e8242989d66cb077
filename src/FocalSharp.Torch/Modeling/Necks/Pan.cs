using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// NanoDet's path aggregation by addition: 1x1 laterals without activation, sums from the coarsest level down and back up again, sizes
/// met by bilinear interpolation (half-pixel centres). Nothing but the laterals has weights; further levels are stride-2 3x3
/// convolutions on the last. It starts from Xavier uniform, biases zero.
/// </summary>
public sealed class Pan : Neck
{
    private readonly NamedConv[] _laterals;
    private readonly NamedConv[] _extra;

    /// <summary>Makes the pyramid for a backbone's channels and fills it from the generator.</summary>
    /// <exception cref="FocalSharpException">An option is out of its range.</exception>
    public Pan(NeckOptions options, IReadOnlyList<int> backboneChannels, Generator generator)
        : base(nameof(Pan))
    {
        options.Validate(backboneChannels.Count);
        StartLevel = options.StartLevel;
        _laterals = [.. backboneChannels.Skip(StartLevel).Select(channels => new NamedConv(channels, options.Channels, 1, 1))];
        _extra = [.. Enumerable.Range(0, options.Levels - _laterals.Length)
            .Select(_ => new NamedConv(options.Channels, options.Channels, 3, 2))];
        foreach (NamedConv slot in _laterals.Concat(_extra))
        {
            Initialization.XavierUniform(slot.Conv.Weight, generator);
        }

        register_module("lateral_convs", nn.ModuleList(_laterals));
        register_module("extra_convs", nn.ModuleList(_extra));
    }

    /// <summary>First backbone stage used.</summary>
    public int StartLevel { get; }

    /// <summary>The 1x1 convolutions, finest level first.</summary>
    public IReadOnlyList<NamedConv> Laterals => _laterals;

    /// <summary>The stride-2 convolutions that make levels coarser than the backbone's.</summary>
    public IReadOnlyList<NamedConv> Extra => _extra;

    /// <summary>C2..C5 to the pyramid's levels, finest first.</summary>
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] levels = new Tensor[_laterals.Length + _extra.Length];
        for (int i = 0; i < _laterals.Length; i++)
        {
            levels[i] = _laterals[i].Conv.call(input[StartLevel + i]);
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

    private protected override IReadOnlyList<OnnxValue> Emit(OnnxGraph graph, IReadOnlyList<OnnxValue> input)
    {
        OnnxValue[] levels = new OnnxValue[_laterals.Length + _extra.Length];
        for (int i = 0; i < _laterals.Length; i++)
        {
            levels[i] = graph.Conv(_laterals[i].Conv, input[StartLevel + i]);
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
            levels[_laterals.Length + i] = graph.Conv(_extra[i].Conv, levels[_laterals.Length + i - 1]);
        }

        return levels;
    }

    private static Tensor Resized(Tensor level, Tensor like) =>
        nn.functional.interpolate(level, size: like.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);

    /// <summary>Nothing: all parts are registered by their names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
