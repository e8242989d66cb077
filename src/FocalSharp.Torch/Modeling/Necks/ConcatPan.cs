using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// A path aggregation network that concatenates (PicoDet's CSP-PAN and LC-PAN; NanoDet-Plus's has the same structure): 1x1
/// convolutions to equal channels; from coarse to fine, a block over each level beside the upsampled coarser one; from fine to
/// coarse, a block over each level beside the finer one after a depthwise block of stride 2. Each further level is the sum of a
/// depthwise block of stride 2 over the coarsest reduced map and one over the last level. Initial weights: Kaiming normal
/// (fan-out). Names are NanoDet-Plus's.
/// </summary>
internal sealed class ConcatPan : Neck, IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>
{
    private readonly int _startLevel;
    private readonly InterpolationMode _upsampling;
    private readonly ConvNormRelu[] _reduce;
    private readonly nn.Module<Tensor, Tensor>[] _topDown;
    private readonly DepthwiseBlock[] _down;
    private readonly nn.Module<Tensor, Tensor>[] _bottomUp;
    private readonly DepthwiseBlock[] _extraIn;
    private readonly DepthwiseBlock[] _extraOut;

    /// <summary>Creates the pyramid for a backbone, with random weights.</summary>
    /// <param name="options">Levels, channels, kernel and norm.</param>
    /// <param name="style">Norm and activation.</param>
    /// <param name="createBlock">Creates a block from twice the channels to the channels.</param>
    /// <param name="upsampling">Nearest or bilinear.</param>
    /// <param name="backbone">The backbone.</param>
    /// <param name="generator">Source of the random weights.</param>
    public ConcatPan(
        ConcatPanOptions options,
        ConvBlockOptions style,
        Func<nn.Module<Tensor, Tensor>> createBlock,
        InterpolationMode upsampling,
        Backbone backbone,
        Generator generator)
        : base(nameof(ConcatPan), options.Channels, GetStrides(options, backbone))
    {
        (_startLevel, _upsampling) = (options.StartLevel, upsampling);
        int channels = options.Channels;
        _reduce = [.. backbone.OutChannels.Skip(_startLevel).Select(width => new ConvNormRelu(width, channels, style, generator, kernel: 1))];
        int steps = _reduce.Length - 1;
        _topDown = [.. Enumerable.Range(0, steps).Select(_ => createBlock())];
        _down = DownBlocks(steps);
        _bottomUp = [.. Enumerable.Range(0, steps).Select(_ => createBlock())];
        _extraIn = DownBlocks(options.Levels - _reduce.Length);
        _extraOut = DownBlocks(options.Levels - _reduce.Length);
        register_module("reduce_layers", nn.ModuleList(_reduce));
        register_module("top_down_blocks", nn.ModuleList(_topDown));
        register_module("downsamples", nn.ModuleList(_down));
        register_module("bottom_up_blocks", nn.ModuleList(_bottomUp));
        register_module("extra_lvl_in_conv", nn.ModuleList(_extraIn));
        register_module("extra_lvl_out_conv", nn.ModuleList(_extraOut));
        foreach (ConvLayer conv in modules().OfType<ConvLayer>())
        {
            Initialization.KaimingNormal(conv.Weight, generator);
        }

        DepthwiseBlock[] DownBlocks(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => new DepthwiseBlock(channels, channels, style, generator, options.Kernel, stride: 2))];
    }

    /// <inheritdoc/>
    public override bool SupportsBFloat16 => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] reduced = [.. _reduce.Select((layer, i) => layer.call(input[_startLevel + i]))];
        IReadOnlyList<Tensor> levels = Run(
            reduced,
            (module, x) => ((nn.Module<Tensor, Tensor>)module).call(x),
            (coarse, fine) => cat([nn.functional.interpolate(coarse, size: fine.shape[2..], mode: _upsampling, align_corners: _upsampling == InterpolationMode.Nearest ? null : false), fine], 1),
            (finer, coarser) => cat([finer, coarser], 1),
            (a, b) => a + b);
        scope.MoveToOuter(levels);
        return levels;
    }

    IReadOnlyList<OnnxValue> IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>.Emit(
        OnnxGraph graph, IReadOnlyList<OnnxValue> input)
    {
        OnnxValue[] reduced = [.. _reduce.Select((layer, i) => graph.Emit<OnnxValue, OnnxValue>(layer, input[_startLevel + i]))];
        return Run(
            reduced,
            (module, x) => graph.Emit<OnnxValue, OnnxValue>(module, x),
            (coarse, fine) => graph.Concat(
                1, _upsampling == InterpolationMode.Nearest ? graph.UpsampleNearest(coarse, like: fine) : graph.ResizeBilinear(coarse, like: fine), fine),
            (finer, coarser) => graph.Concat(1, finer, coarser),
            graph.Add);
    }

    /// <summary>The pyramid over maps of either kind.</summary>
    private List<T> Run<T>(T[] reduced, Func<nn.Module, T, T> call, Func<T, T, T> besideUpsampled, Func<T, T, T> beside, Func<T, T, T> add)
    {
        T[] inner = [.. reduced];
        for (int i = inner.Length - 2; i >= 0; i--)
        {
            inner[i] = call(_topDown[inner.Length - 2 - i], besideUpsampled(inner[i + 1], reduced[i]));
        }

        List<T> levels = [inner[0]];
        for (int i = 0; i < _down.Length; i++)
        {
            levels.Add(call(_bottomUp[i], beside(call(_down[i], levels[i]), inner[i + 1])));
        }

        for (int i = 0; i < _extraIn.Length; i++)
        {
            levels.Add(add(call(_extraIn[i], reduced[^1]), call(_extraOut[i], levels[^1])));
        }

        return levels;
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
