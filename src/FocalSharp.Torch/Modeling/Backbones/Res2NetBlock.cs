using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Deformable;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// A bottleneck of a Res2Net: the channels between its 1x1 convolutions are split into parts; each part but the last has a 3x3 convolution, to whose input the output of
/// the part before is added, except in the first block of a stage.
/// </summary>
internal sealed class Res2NetBlock : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>, INormedConvs
{
    private const int Expansion = 4;

    private readonly int _width;
    private readonly int _stride;
    private readonly bool _isFirst;
    private readonly ConvLayer _expand;
    private readonly ConvLayer _reduce;
    private readonly ConvLayer[] _convs;
    private readonly BatchNorm2d _expandNorm;
    private readonly BatchNorm2d _reduceNorm;
    private readonly BatchNorm2d[] _norms;
    private readonly (ConvLayer Conv, BatchNorm2d Norm)? _shortcut;

    /// <summary>Creates a block.</summary>
    /// <param name="inChannels">Number of input channels.</param>
    /// <param name="stage">Index of the stage, from 0.</param>
    /// <param name="isFirst">Whether it is the stage's first block, which has its stride.</param>
    /// <param name="options">Widths and deformable convolutions.</param>
    /// <param name="generator">Source of the random weights.</param>
    public Res2NetBlock(int inChannels, int stage, bool isFirst, Res2NetOptions options, Generator generator)
        : base(nameof(Res2NetBlock))
    {
        int outChannels = (Res2NetOptions.BaseChannels << stage) * Expansion;
        (_width, _isFirst, _stride) = (options.BaseWidth << stage, isFirst, isFirst && stage > 0 ? 2 : 1);
        int? deformable = options.DeformableStages.Contains(stage + 1) ? options.DeformableVersion : null;
        _expand = new ConvLayer(inChannels, _width * options.Scales, kernel: 1, bias: false);
        _convs = [.. Enumerable.Range(0, options.Scales - 1).Select(_ => new ConvLayer(_width, _width, kernel: 3, _stride, bias: false, groups: 1, deformable))];
        _reduce = new ConvLayer(_width * options.Scales, outChannels, kernel: 1, bias: false);
        _expandNorm = nn.BatchNorm2d(_width * options.Scales);
        _norms = [.. _convs.Select(_ => nn.BatchNorm2d(_width))];
        _reduceNorm = nn.BatchNorm2d(outChannels);
        register_module("conv1", _expand);
        register_module("bn1", _expandNorm);
        register_module("convs", new ModuleGroup(_convs.Select((conv, i) => ($"{i}", (nn.Module)conv))));
        register_module("bns", new ModuleGroup(_norms.Select((norm, i) => ($"{i}", (nn.Module)norm))));
        register_module("conv3", _reduce);
        register_module("bn3", _reduceNorm);
        if (isFirst)
        {
            _shortcut = (new ConvLayer(inChannels, outChannels, kernel: 1, bias: false), nn.BatchNorm2d(outChannels));
            register_module("downsample", new ModuleGroup(("1", _shortcut.Value.Conv), ("2", _shortcut.Value.Norm)));
        }

        Initialize(options, generator);
    }

    IEnumerable<(ConvLayer Conv, BatchNorm2d Norm)> INormedConvs.NormedConvs =>
        [(_expand, _expandNorm), .. _convs.Zip(_norms), (_reduce, _reduceNorm), .. _shortcut is { } shortcut ? [shortcut] : Array.Empty<(ConvLayer, BatchNorm2d)>()];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor whole = NormRelu.Run(_expand, _expandNorm, input);
        Tensor[] parts = new Tensor[_convs.Length + 1];
        for (int i = 0; i < _convs.Length; i++)
        {
            Tensor part = whole.narrow(1, i * _width, _width);
            parts[i] = NormRelu.Run(_convs[i], _norms[i], i == 0 || _isFirst ? part : part + parts[i - 1]);
        }

        Tensor last = whole.narrow(1, _convs.Length * _width, _width);
        parts[^1] = _isFirst && _stride > 1 ? nn.functional.avg_pool2d(last, kernel_size: 3, stride: _stride, padding: 1) : last;
        Tensor shortcut = input;
        if (_shortcut is var (conv, norm))
        {
            Tensor pooled = _stride == 1 ? input : nn.functional.avg_pool2d(input, kernel_size: _stride, stride: _stride, ceil_mode: true, count_include_pad: false);
            shortcut = NormRelu.Run(conv, norm, pooled, activation: ActivationKind.None);
        }

        return scope.MoveToOuter(NormRelu.Run(_reduce, _reduceNorm, cat(parts, 1), shortcut));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue whole = graph.Relu(NormRelu.Emit(graph, _expand, _expandNorm, input));
        OnnxValue[] parts = new OnnxValue[_convs.Length + 1];
        for (int i = 0; i < _convs.Length; i++)
        {
            OnnxValue part = graph.Slice(whole, 1, i * _width, (i + 1) * _width);
            parts[i] = graph.Relu(NormRelu.Emit(graph, _convs[i], _norms[i], i == 0 || _isFirst ? part : graph.Add(part, parts[i - 1])));
        }

        OnnxValue last = graph.Slice(whole, 1, _convs.Length * _width, (_convs.Length + 1) * _width);
        parts[^1] = _isFirst && _stride > 1 ? AveragePool(last, kernel: 3, padding: 1, ceil: 0, includePadding: 1) : last;
        OnnxValue shortcut = input;
        if (_shortcut is var (conv, norm))
        {
            shortcut = NormRelu.Emit(graph, conv, norm, _stride == 1 ? input : AveragePool(input, _stride, padding: 0, ceil: 1, includePadding: 0));
        }

        return graph.Relu(graph.Add(NormRelu.Emit(graph, _reduce, _reduceNorm, graph.Concat(1, parts)), shortcut));

        OnnxValue AveragePool(OnnxValue x, long kernel, long padding, int ceil, int includePadding) => graph.Node(
            "AveragePool",
            [x],
            ("kernel_shape", new[] { kernel, kernel }),
            ("strides", new long[] { _stride, _stride }),
            ("pads", new[] { padding, padding, padding, padding }),
            ("ceil_mode", ceil),
            ("count_include_pad", includePadding));
    }

    // The block starts as the identity, so that a deep net trains from scratch.
    private void Initialize(Res2NetOptions options, Generator generator)
    {
        foreach (ConvLayer conv in _convs.Append(_expand).Append(_reduce).Concat(_shortcut is { } shortcut ? [shortcut.Conv] : Array.Empty<ConvLayer>()))
        {
            if (conv.IsDeformable)
            {
                DeformableOffsets.Initialize(conv.Weight, options.DeformableVersion, groups: 1, generator);
            }
            else
            {
                Initialization.KaimingNormal(conv.Weight, generator);
            }
        }

        Initialization.Constant(_reduceNorm.weight!, 0);
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
