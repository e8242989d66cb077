using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>
/// The dense head of Generalized Focal Loss: towers to class scores and to the distributions of the four box sides. Officially there are
/// two towers shared by all levels, and each level multiplies the sides' logits by its own learnable scale; with a
/// <see cref="QualityPredictor"/> the head is GFLv2's. In NanoDet's each level has its own weights, and one tower serves both.
/// </summary>
public sealed class GflHead : nn.Module<IReadOnlyList<Tensor>, HeadOutput>, IOnnxModule<IReadOnlyList<OnnxValue>, HeadMaps>
{
    private readonly HeadBranch[] _branches;
    private readonly Scale[] _scales;
    private readonly HeadOptions _options;
    private readonly int _numClasses;

    /// <summary>Makes the head and fills it from the generator: weights N(0, 0.01), the classifier's bias at the prior.</summary>
    /// <exception cref="FocalSharpException">An option is out of its range.</exception>
    public GflHead(HeadOptions options, int inChannels, int numClasses, Generator generator)
        : base(nameof(GflHead))
    {
        options.Validate();
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

    /// <summary>One branch shared by all levels, or one a level, finest first.</summary>
    public IReadOnlyList<HeadBranch> Branches => _branches;

    /// <summary>Each level's factor on the sides' logits; none where levels have their own weights.</summary>
    public IReadOnlyList<Scale> Scales => _scales;

    /// <summary>GFLv2's quality predictor, or null.</summary>
    public QualityPredictor? Quality { get; }

    /// <summary>The pyramid's levels <c>[B, channels, H, W]</c>, finest first, to scores and sides in float32.</summary>
    public override HeadOutput forward(IReadOnlyList<Tensor> input)
    {
        Tensor[] scores = new Tensor[input.Count];
        Tensor[] sides = new Tensor[input.Count];
        for (int level = 0; level < input.Count; level++)
        {
            (scores[level], sides[level]) = Level(input[level], level);
        }

        return new HeadOutput(scores, sides, ScoresAreProbabilities: Quality is not null);
    }

    HeadMaps IOnnxModule<IReadOnlyList<OnnxValue>, HeadMaps>.Emit(OnnxGraph graph, IReadOnlyList<OnnxValue> input) =>
        new([.. input.Select((feature, level) => Level(graph, feature, level))], ScoresAreProbabilities: Quality is not null);

    private static HeadBranch CreateBranch(HeadOptions options, int inChannels, int outputs, Generator generator)
    {
        ConvBlockOptions style = new(options.Norm, options.NormGroups, options.NegativeSlope);
        nn.Module<Tensor, Tensor>[] classTower = Tower();
        nn.Module<Tensor, Tensor>[] sideTower = options.Towers == HeadTowers.Shared ? classTower : Tower();
        int top = options.StackedConvs == 0 ? inChannels : options.Channels;
        ConvLayer classes = new(top, outputs, options.OutputKernel);
        ConvLayer sides = new(top, 4 * (options.BoxRepresentation == BoxRepresentation.Dirac ? 1 : options.RegMax + 1), options.OutputKernel);
        Initialization.Normal(classes.Weight, 0.01, generator);
        Initialization.Constant(classes.Bias!, -Math.Log((1 - options.PriorProbability) / options.PriorProbability));
        Initialization.Normal(sides.Weight, 0.01, generator);
        return new HeadBranch(classTower, sideTower, classes, sides);

        nn.Module<Tensor, Tensor>[] Tower() => [.. Enumerable.Range(0, options.StackedConvs).Select(i => ConvBlock(i == 0 ? inChannels : options.Channels))];

        nn.Module<Tensor, Tensor> ConvBlock(int channels) => options.Depthwise
            ? new DepthwiseBlock(channels, options.Channels, style, generator, options.Kernel)
            : new ConvNormRelu(channels, options.Channels, style, generator, options.Kernel);
    }

    // Official names; where each level has its own weights its index comes first, as in NanoDet.
    private void Register(HeadOptions options)
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
    }

    private LevelMaps Level(OnnxGraph graph, OnnxValue feature, int level)
    {
        // The channel that official GFLv2 has beyond the classes is left out.
        LevelMaps maps = _branches[_branches.Length == 1 ? 0 : level].Emit(graph, feature, _numClasses);
        OnnxValue sides = _scales.Length == 0 ? maps.BoxDistributionLogits : graph.Emit(_scales[level], maps.BoxDistributionLogits);
        sides = _options.BoxRepresentation == BoxRepresentation.Dirac ? DiracDistribution.Emit(graph, sides, _options) : sides;
        return Quality is null ? maps with { BoxDistributionLogits = sides } : new LevelMaps(graph.Mul(graph.Sigmoid(maps.Scores), graph.Emit(Quality, sides)), sides);
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
            classes = classes.sigmoid() * Quality.call(sides);
        }

        return scope.MoveToOuter(classes, sides);
    }

    /// <summary>Nothing: all parts are registered by their official names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
