using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// NanoDet-Plus's Ghost-PAN: 1x1 convolutions to equal channels, ghost blocks over concatenations from the coarsest level to the
/// finest (bilinear upsampling) and back (depthwise convolutions of stride 2). An extra level is the sum of a depthwise block on
/// the coarsest reduced map and one on the coarsest output. Parameter names are NanoDet's below <c>fpn</c>.
/// </summary>
internal sealed class GhostPan : Neck, IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>
{
    private readonly int _startLevel;
    private readonly ConvChain[] _reduce;
    private readonly GhostBottleneck[] _topDown;
    private readonly DepthwiseBlock[] _downsample;
    private readonly GhostBottleneck[] _bottomUp;
    private readonly DepthwiseBlock[] _extraIn;
    private readonly DepthwiseBlock[] _extraOut;

    /// <summary>Creates the neck for a backbone, with random weights.</summary>
    public GhostPan(GhostPanOptions options, Backbone backbone, Generator generator)
        : base(nameof(GhostPan), options.Channels, GetStrides(options, backbone))
    {
        int channels = options.Channels;
        int[] inputs = [.. backbone.OutChannels.Skip(options.StartLevel)];
        int extra = options.Levels - inputs.Length;
        OptionGuard.Require(
            extra <= 1,
            nameof(NeckOptions.Levels),
            $"Neck levels is {options.Levels}; a Ghost-PAN over {inputs.Length} feature maps has at most {inputs.Length + 1} (official: 4).");
        ConvBlockOptions style = new(options.Norm, NegativeSlope: options.NegativeSlope);
        _startLevel = options.StartLevel;
        _reduce = [.. inputs.Select(input => new ConvChain(style, generator, new ConvLink("conv", "bn", input, channels)))];
        _topDown = Bottlenecks();
        _downsample = DepthwiseBlocks(inputs.Length - 1);
        _bottomUp = Bottlenecks();
        _extraIn = DepthwiseBlocks(extra);
        _extraOut = DepthwiseBlocks(extra);
        register_module("reduce_layers", nn.ModuleList(_reduce));
        register_module("top_down_blocks", nn.ModuleList([.. _topDown.Select(InBlocks)]));
        register_module("downsamples", nn.ModuleList(_downsample));
        register_module("bottom_up_blocks", nn.ModuleList([.. _bottomUp.Select(InBlocks)]));
        register_module("extra_lvl_in_conv", nn.ModuleList(_extraIn));
        register_module("extra_lvl_out_conv", nn.ModuleList(_extraOut));

        GhostBottleneck[] Bottlenecks() =>
            [.. inputs.Skip(1).Select(_ => new GhostBottleneck(2 * channels, channels, options.Kernel, style, generator))];

        DepthwiseBlock[] DepthwiseBlocks(int count)
        {
            DepthwiseBlock[] blocks = [.. Enumerable.Range(0, count)
                .Select(_ => new DepthwiseBlock(channels, channels, style, generator, options.Kernel, stride: 2))];
            foreach (ConvLayer conv in blocks.SelectMany(block => new[] { block.Depthwise.Conv, block.Pointwise.Conv }))
            {
                Initialization.KaimingNormal(conv.Weight, generator);
            }

            return blocks;
        }
    }

    /// <inheritdoc/>
    public override bool SupportsBFloat16 => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] levels = [.. _reduce.Select((reduce, i) => reduce.call(input[_startLevel + i]))];
        int last = levels.Length - 1;
        Tensor coarsest = levels[last];
        for (int i = last - 1; i >= 0; i--)
        {
            Tensor up = nn.functional.interpolate(levels[i + 1], size: levels[i].shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);
            levels[i] = _topDown[last - 1 - i].call(cat([up, levels[i]], 1));
        }

        for (int i = 1; i <= last; i++)
        {
            levels[i] = _bottomUp[i - 1].call(cat([_downsample[i - 1].call(levels[i - 1]), levels[i]], 1));
        }

        Tensor[] extra = [.. _extraIn.Zip(_extraOut, (fromInput, fromOutput) => fromInput.call(coarsest).add(fromOutput.call(levels[last])))];
        Tensor[] outputs = [.. levels, .. extra];
        scope.MoveToOuter(outputs);
        return outputs;
    }

    IReadOnlyList<OnnxValue> IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>.Emit(
        OnnxGraph graph, IReadOnlyList<OnnxValue> input)
    {
        OnnxValue[] levels = [.. _reduce.Select((reduce, i) => graph.Emit<OnnxValue, OnnxValue>(reduce, input[_startLevel + i]))];
        int last = levels.Length - 1;
        OnnxValue coarsest = levels[last];
        for (int i = last - 1; i >= 0; i--)
        {
            OnnxValue up = graph.ResizeBilinear(levels[i + 1], like: levels[i]);
            levels[i] = graph.Emit<OnnxValue, OnnxValue>(_topDown[last - 1 - i], graph.Concat(1, up, levels[i]));
        }

        for (int i = 1; i <= last; i++)
        {
            OnnxValue down = graph.Emit<OnnxValue, OnnxValue>(_downsample[i - 1], levels[i - 1]);
            levels[i] = graph.Emit<OnnxValue, OnnxValue>(_bottomUp[i - 1], graph.Concat(1, down, levels[i]));
        }

        OnnxValue[] extra = [.. _extraIn.Zip(_extraOut, (fromInput, fromOutput) => graph.Add(
            graph.Emit<OnnxValue, OnnxValue>(fromInput, coarsest), graph.Emit<OnnxValue, OnnxValue>(fromOutput, levels[last])))];
        return [.. levels, .. extra];
    }

    // Official names have a list of blocks per level, which has one entry.
    private static nn.Module InBlocks(GhostBottleneck bottleneck) => new BlockList(bottleneck);

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <summary>The list of a level's blocks.</summary>
    private sealed class BlockList : nn.Module
    {
        public BlockList(GhostBottleneck bottleneck)
            : base(nameof(BlockList)) => register_module("blocks", nn.ModuleList(bottleneck));

        protected override void RegisterComponents()
        {
        }
    }
}
