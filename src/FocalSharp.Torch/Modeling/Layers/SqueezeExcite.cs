using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// Squeeze-and-excitation (arXiv 1709.01507) as in MobileNetV3 and PicoDet: each channel is multiplied by a factor in [0, 1] that
/// two 1x1 convolutions (<c>reduce</c> with ReLU, <c>expand</c> with hard sigmoid) compute from the means of all channels.
/// </summary>
internal sealed class SqueezeExcite : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    /// <summary>The channels divided by those between the two convolutions.</summary>
    public const int Reduction = 4;

    /// <summary>Creates the module with all parameters 0.</summary>
    public SqueezeExcite(int channels)
        : base(nameof(SqueezeExcite))
    {
        Reduce = new ConvLayer(channels, channels / Reduction, kernel: 1);
        Expand = new ConvLayer(channels / Reduction, channels, kernel: 1);
        register_module("reduce", Reduce);
        register_module("expand", Expand);
    }

    /// <summary>Gets the first convolution.</summary>
    public ConvLayer Reduce { get; }

    /// <summary>Gets the second convolution.</summary>
    public ConvLayer Expand { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = LinearOverMeans(Reduce, input).relu_();
        Tensor factors = nn.functional.hardsigmoid(nn.functional.linear(hidden, Expand.Weight.flatten(1), Expand.Bias!));
        return scope.MoveToOuter(input * factors.to(input.dtype).unsqueeze(-1).unsqueeze(-1));
    }

    /// <summary>Computes a 1x1 convolution of the channels' means over all locations, <c>[B, out]</c>, in float32.</summary>
    internal static Tensor LinearOverMeans(ConvLayer layer, Tensor input) =>
        nn.functional.linear(input.mean([2, 3], type: ScalarType.Float32), layer.Weight.flatten(1), layer.Bias!);

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue hidden = graph.Relu(graph.Emit<OnnxValue, OnnxValue>(Reduce, graph.GlobalAveragePool(input)));
        return graph.Mul(input, graph.HardSigmoid(graph.Emit<OnnxValue, OnnxValue>(Expand, hidden)));
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
