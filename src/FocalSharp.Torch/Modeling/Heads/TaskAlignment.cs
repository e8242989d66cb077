using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>
/// The additions of PicoDet's second head to a level (PaddleDetection, 2022.03; after arXiv 2108.07755): channel attention before
/// the last convolutions, and one number in (0, 1) per location, the predicted alignment of class and box. The score is the
/// geometric mean of class probability and alignment.
/// </summary>
internal sealed class TaskAlignment : nn.Module
{
    // The root's derivative stays finite where a probability underflows.
    private const double Epsilon = 1e-9;

    private readonly ConvLayer _attention;
    private readonly ConvNormRelu _attended;
    private readonly nn.Module<Tensor, Tensor>[] _alignment;

    /// <summary>Creates the module with weights N(0, 0.01).</summary>
    public TaskAlignment(int channels, int kernel, ConvBlockOptions style, Generator generator)
        : base(nameof(TaskAlignment))
    {
        _attention = new ConvLayer(channels, channels, kernel: 1);
        Initialization.Normal(_attention.Weight, 0.001, generator);
        _attended = new ConvNormRelu(channels, channels, style, generator, kernel: 1);
        ConvBlockOptions single = style with { NormGroups = 1 };
        _alignment =
        [
            new ConvNormRelu(channels, 1, single, generator, kernel),
            new ConvNormRelu(1, 1, single with { Activation = ActivationKind.None }, generator, kernel: 1),
        ];
        register_module("attention", _attention);
        register_module("attended", _attended);
        register_module("local", _alignment[0]);
        register_module("score", _alignment[1]);
    }

    /// <summary>Returns the features <c>[B, channels, H, W]</c> for the last convolutions.</summary>
    public Tensor Attend(Tensor feature)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor factors = SqueezeExcite.LinearOverMeans(_attention, feature).sigmoid_();
        return scope.MoveToOuter(_attended.call(feature * factors.to(feature.dtype).unsqueeze(-1).unsqueeze(-1)));
    }

    /// <summary>Returns the scores <c>[B, C, H, W]</c> of class logits in float32.</summary>
    public Tensor Scale(Tensor classes, Tensor feature)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor alignment = _alignment.Aggregate(feature, (x, layer) => layer.call(x)).to(ScalarType.Float32);
        return scope.MoveToOuter((classes.sigmoid() * alignment.sigmoid()).add_(Epsilon).sqrt_());
    }

    /// <summary>Emits <see cref="Attend"/>.</summary>
    public OnnxValue EmitAttention(OnnxGraph graph, OnnxValue feature)
    {
        OnnxValue factors = graph.Sigmoid(_attention.Emit(graph, graph.GlobalAveragePool(feature)));
        return graph.Emit<OnnxValue, OnnxValue>(_attended, graph.Mul(feature, factors));
    }

    /// <summary>Emits <see cref="Scale"/>.</summary>
    public OnnxValue EmitScale(OnnxGraph graph, OnnxValue classes, OnnxValue feature)
    {
        OnnxValue alignment = graph.Sigmoid(graph.ToFloat32(graph.EmitChain(_alignment, feature)));
        return graph.Sqrt(graph.Add(graph.Mul(graph.Sigmoid(classes), alignment), graph.Constant((float)Epsilon)));
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
