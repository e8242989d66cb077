using FocalSharp.Torch.Layers;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Heads;

/// <summary>
/// The dense head of Generalized Focal Loss: two towers shared by all levels, one to class scores, one to the distributions of the
/// four box sides, whose logits each level multiplies by its own learnable scale. With a <see cref="QualityPredictor"/> it is GFLv2's.
/// </summary>
public sealed class GflHead : nn.Module<IReadOnlyList<Tensor>, HeadOutput>
{
    private readonly ConvNormRelu[] _classTower;
    private readonly ConvNormRelu[] _sideTower;
    private readonly ConvLayer _classes;
    private readonly ConvLayer _sides;
    private readonly Scale[] _scales;
    private readonly QualityPredictor? _quality;

    /// <summary>Makes the head and fills it from the generator: weights N(0, 0.01), the classifier's bias at the prior.</summary>
    /// <exception cref="UserErrorException">An option is out of its range.</exception>
    public GflHead(HeadOptions options, int inChannels, int numClasses, Generator generator)
        : base(nameof(GflHead))
    {
        options.Validate();
        _classTower = Tower();
        _sideTower = Tower();
        _classes = new ConvLayer(
            options.Channels, numClasses + (options.QualityPredictor is { BackgroundChannel: true } ? 1 : 0), kernel: 3);
        _sides = new ConvLayer(options.Channels, 4 * (options.RegMax + 1), kernel: 3);
        Initialization.Normal(_classes.Weight, 0.01, generator);
        Initialization.Constant(_classes.Bias!, -Math.Log((1 - options.PriorProbability) / options.PriorProbability));
        Initialization.Normal(_sides.Weight, 0.01, generator);
        _scales = [.. options.Strides.Select(_ => new Scale())];
        register_module("cls_convs", nn.ModuleList(_classTower));
        register_module("reg_convs", nn.ModuleList(_sideTower));
        register_module("gfl_cls", _classes);
        register_module("gfl_reg", _sides);
        register_module("scales", nn.ModuleList(_scales));
        register_module("integral", new Integral(options.RegMax));
        if (options.QualityPredictor is { } quality)
        {
            _quality = new QualityPredictor(quality, options.RegMax, generator);
            register_module("reg_conf", _quality);
        }

        ConvNormRelu[] Tower() => [.. Enumerable.Range(0, options.StackedConvs)
            .Select(i => new ConvNormRelu(i == 0 ? inChannels : options.Channels, options.Channels, options.NormGroups, generator))];
    }

    /// <summary>The pyramid's levels <c>[B, channels, H, W]</c>, finest first, to scores and sides in float32.</summary>
    public override HeadOutput forward(IReadOnlyList<Tensor> input)
    {
        Tensor[] scores = new Tensor[input.Count];
        Tensor[] sides = new Tensor[input.Count];
        for (int level = 0; level < input.Count; level++)
        {
            (scores[level], sides[level]) = Level(input[level], _scales[level]);
        }

        return new HeadOutput(scores, sides, ScoresAreProbabilities: _quality is not null);
    }

    private (Tensor Scores, Tensor Sides) Level(Tensor feature, Scale scale)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor classes = _classes.call(Climb(_classTower, feature)).to(ScalarType.Float32);
        Tensor sides = scale.call(_sides.call(Climb(_sideTower, feature)).to(ScalarType.Float32));
        if (_quality is not null)
        {
            using Autocast exact = Autocast.Enter(Precision.Float32, feature.device_type);
            classes = classes.sigmoid() * _quality.call(sides);
        }

        return scope.MoveToOuter(classes, sides);
    }

    private static Tensor Climb(ConvNormRelu[] tower, Tensor feature)
    {
        Tensor x = feature;
        foreach (ConvNormRelu storey in tower)
        {
            Tensor next = storey.call(x);
            if (!ReferenceEquals(x, feature))
            {
                x.Dispose();
            }

            x = next;
        }

        return x;
    }

    /// <summary>Nothing: all parts are registered by their official names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
