using FocalSharp.Torch.Onnx.Graph;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>A feature extractor: images <c>[B, 3, H, W]</c> to the features C2..C5 at strides 4, 8, 16, 32.</summary>
public abstract class Backbone : nn.Module<Tensor, IReadOnlyList<Tensor>>, IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>
{
    private readonly BackboneOptions _options;

    private protected Backbone(string name, BackboneOptions options)
        : base(name) => _options = options;

    /// <summary>Channels of C2..C5.</summary>
    public IReadOnlyList<int> OutChannels { get; private protected init; } = [];

    /// <summary>The parts of the stem.</summary>
    private protected abstract IEnumerable<nn.Module> StemParts { get; }

    /// <summary>The four stages.</summary>
    private protected abstract IReadOnlyList<nn.Module> StageParts { get; }

    /// <summary>Makes the backbone that the options ask for and fills it from the generator.</summary>
    /// <exception cref="FocalSharpException">An option is out of its range.</exception>
    public static Backbone Create(BackboneOptions options, Generator generator)
    {
        options.Validate();
        return options.Csp is null ? new ResNet(options, generator) : new CspNet(options, options.Csp, generator);
    }

    /// <summary>
    /// Switches to training, except for what is frozen: frozen stages, and with <see cref="BackboneOptions.FrozenBatchNorm"/> every
    /// batch norm, go on using their running statistics.
    /// </summary>
    public override void train(bool train = true)
    {
        base.train(train);
        if (!train)
        {
            return;
        }

        foreach (nn.Module part in FrozenParts())
        {
            part.eval();
        }

        if (_options.FrozenBatchNorm)
        {
            foreach (BatchNorm2d norm in modules().OfType<BatchNorm2d>())
            {
                norm.eval();
            }
        }
    }

    IReadOnlyList<OnnxValue> IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>.Emit(OnnxGraph graph, OnnxValue input) => Emit(graph, input);

    /// <summary>Writes the backbone, as its <c>forward</c> computes.</summary>
    private protected abstract IReadOnlyList<OnnxValue> Emit(OnnxGraph graph, OnnxValue input);

    /// <summary>Takes the gradient from the frozen parts; to be called once all are made.</summary>
    private protected void Freeze()
    {
        foreach (Parameter parameter in FrozenParts().SelectMany(part => part.parameters()))
        {
            parameter.requires_grad = false;
        }
    }

    private IEnumerable<nn.Module> FrozenParts() => _options.FrozenStages < 0
        ? []
        : StemParts.Concat(StageParts.Take(_options.FrozenStages));
}
