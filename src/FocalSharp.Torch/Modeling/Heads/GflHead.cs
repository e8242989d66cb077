using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>
/// The dense head of Generalized Focal Loss. In the official head all levels share two towers, and each level multiplies the
/// sides' logits by its own learnable scale; with a <see cref="QualityPredictor"/> it is GFLv2's. In NanoDet's head each level
/// has its own weights, and class scores and sides share one tower; PicoDet's is the same with hard-swish, and its second
/// generation has a <see cref="TaskAlignment"/> besides. Initial weights: N(0, 0.01), the classifier's bias at the
/// prior probability.
/// </summary>
internal sealed class GflHead : DetectionHead, IOnnxModule<IReadOnlyList<OnnxValue>, OnnxHeadOutput>
{
    private readonly HeadBranch[] _branches;
    private readonly Scale[] _scales;
    private readonly GflHeadOptions _options;
    private readonly int _numClasses;

    /// <summary>Creates the head with random weights.</summary>
    public GflHead(GflHeadOptions options, int inChannels, int numClasses, Generator generator)
        : base(nameof(GflHead), options)
    {
        _options = options;
        _numClasses = numClasses;
        int outputs = numClasses + (options.QualityPredictor is { BackgroundChannel: true } ? 1 : 0);
        _branches = [.. Enumerable.Range(0, options.PerLevelWeights ? options.Strides.Count : 1)
            .Select(_ => CreateBranch(options, inChannels, outputs, generator))];
        _scales = options.PerLevelWeights ? [] : [.. options.Strides.Select(_ => new Scale())];
        Register(options);
        register_module("scales", nn.ModuleList(_scales));
        register_module("integral", new IntegralLayer(options.RegMax));
        if (options.QualityPredictor is { } quality)
        {
            Quality = new QualityPredictor(quality, options.RegMax, generator);
            register_module("reg_conf", Quality);
        }
    }

    /// <summary>Gets GFLv2's quality predictor, or null.</summary>
    public QualityPredictor? Quality { get; }

    /// <inheritdoc/>
    public override bool SupportsBFloat16 => true;

    private bool ScoresAreProbabilities => Quality is not null || _options.TaskAligned;

    /// <inheritdoc/>
    public override HeadOutput forward(IReadOnlyList<Tensor> input)
    {
        Tensor[] scores = new Tensor[input.Count];
        Tensor[] sides = new Tensor[input.Count];
        for (int level = 0; level < input.Count; level++)
        {
            (scores[level], sides[level]) = Level(input[level], level);
        }

        return new HeadOutput(scores, sides, ScoresAreProbabilities);
    }

    OnnxHeadOutput IOnnxModule<IReadOnlyList<OnnxValue>, OnnxHeadOutput>.Emit(OnnxGraph graph, IReadOnlyList<OnnxValue> input)
    {
        OnnxValue[] scores = new OnnxValue[input.Count];
        OnnxValue[] sides = new OnnxValue[input.Count];
        for (int level = 0; level < input.Count; level++)
        {
            (scores[level], sides[level]) = EmitLevel(graph, input[level], level);
        }

        return new OnnxHeadOutput(scores, sides, ScoresAreProbabilities);
    }

    private static HeadBranch CreateBranch(GflHeadOptions options, int inChannels, int outputs, Generator generator)
    {
        ActivationKind activation = options.HardSwish ? ActivationKind.HardSwish : options.Relu6 ? ActivationKind.Relu6 : ActivationKind.Relu;
        ConvBlockOptions style = new(options.Norm, options.NormGroups, options.NegativeSlope, activation);
        nn.Module<Tensor, Tensor>[] classTower = Tower();
        nn.Module<Tensor, Tensor>[] sideTower = options.Towers == HeadTowers.Shared ? classTower : Tower();
        int top = options.StackedConvs == 0 ? inChannels : options.Channels;
        ConvLayer classes = new(top, outputs, options.OutputKernel);
        ConvLayer sides = new(top, 4 * (options.BoxRepresentation == BoxRepresentation.Dirac ? 1 : options.RegMax + 1), options.OutputKernel);
        Initialization.Normal(classes.Weight, 0.01, generator);
        Initialization.Constant(classes.Bias!, -Math.Log((1 - options.PriorProbability) / options.PriorProbability));
        Initialization.Normal(sides.Weight, 0.01, generator);
        return new HeadBranch(classTower, sideTower, classes, sides, options.TaskAligned ? new TaskAlignment(top, options.Kernel, style, generator) : null);

        nn.Module<Tensor, Tensor>[] Tower() => [.. Enumerable.Range(0, options.StackedConvs).Select(i => ConvBlock(i == 0 ? inChannels : options.Channels))];

        nn.Module<Tensor, Tensor> ConvBlock(int channels) => options.Depthwise
            ? new DepthwiseBlock(channels, options.Channels, style, generator, options.Kernel)
            : new ConvNormRelu(channels, options.Channels, style, generator, options.Kernel);
    }

    // Official names; with weights per level, the index of the level comes first, as in NanoDet.
    private void Register(GflHeadOptions options)
    {
        bool separate = options.Towers == HeadTowers.Separate;
        if (!options.PerLevelWeights)
        {
            register_module("cls_convs", nn.ModuleList([.. _branches[0].ClassTower]));
            if (separate)
            {
                register_module("reg_convs", nn.ModuleList([.. _branches[0].BoxTower]));
            }

            register_module("gfl_cls", _branches[0].ClassConv);
            register_module("gfl_reg", _branches[0].BoxConv);
            return;
        }

        register_module("cls_convs", nn.ModuleList([.. _branches.Select(branch => nn.ModuleList([.. branch.ClassTower]))]));
        if (separate)
        {
            register_module("reg_convs", nn.ModuleList([.. _branches.Select(branch => nn.ModuleList([.. branch.BoxTower]))]));
        }

        register_module("gfl_cls", nn.ModuleList([.. _branches.Select(branch => branch.ClassConv)]));
        register_module("gfl_reg", nn.ModuleList([.. _branches.Select(branch => branch.BoxConv)]));
        if (options.TaskAligned)
        {
            register_module("alignment", nn.ModuleList([.. _branches.Select(branch => branch.Alignment!)]));
        }
    }

    private (OnnxValue Scores, OnnxValue Sides) EmitLevel(OnnxGraph graph, OnnxValue feature, int level)
    {
        // The background channel of official GFLv2 is left out.
        (OnnxValue scores, OnnxValue sides) = _branches[_branches.Length == 1 ? 0 : level].Emit(graph, feature, _numClasses);
        sides = _scales.Length == 0 ? sides : graph.Emit<OnnxValue, OnnxValue>(_scales[level], sides);
        sides = _options.BoxRepresentation == BoxRepresentation.Dirac ? DiracDistribution.Emit(graph, sides, _options) : sides;
        return (Quality is null ? scores : graph.Mul(_options.TaskAligned ? scores : graph.Sigmoid(scores), graph.Emit<OnnxValue, OnnxValue>(Quality, sides)), sides);
    }

    private (Tensor Scores, Tensor Sides) Level(Tensor feature, int level)
    {
        using DisposeScope scope = NewDisposeScope();
        HeadBranch branch = _branches[_branches.Length == 1 ? 0 : level];
        (Tensor classes, Tensor sides) = branch.Forward(feature);
        sides = _scales.Length == 0 ? sides : _scales[level].call(sides);
        sides = _options.BoxRepresentation == BoxRepresentation.Dirac ? DiracDistribution.ToLogits(sides, _options) : sides;
        if (Quality is not null)
        {
            using Autocast exact = Autocast.Enter(Precision.Float32, feature.device_type);
            classes = (_options.TaskAligned ? classes : classes.sigmoid()) * Quality.call(sides);
        }

        return scope.MoveToOuter(classes, sides);
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
