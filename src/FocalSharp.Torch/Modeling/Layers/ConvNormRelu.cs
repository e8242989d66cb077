using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// A convolution (<c>conv</c>), a norm (<c>gn</c>, <c>bn</c>, or none, then with bias) and an activation, ReLU if not stated
/// otherwise: the block of the head's towers and of light networks.
/// </summary>
internal sealed class ConvNormRelu : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>, INormedConvs
{
    /// <summary>Creates the block: weights N(0, 0.01) as in the official head, scale 1, shift and bias 0.</summary>
    /// <param name="inChannels">Number of input channels.</param>
    /// <param name="outChannels">Number of output channels.</param>
    /// <param name="style">Normalization and activation.</param>
    /// <param name="generator">Source of the random weights.</param>
    /// <param name="kernel">Size of the kernel, an odd number.</param>
    /// <param name="stride">Stride in both directions.</param>
    /// <param name="depthwise">Whether each channel has its own kernel.</param>
    public ConvNormRelu(
        int inChannels, int outChannels, ConvBlockOptions style, Generator generator, int kernel = 3, int stride = 1, bool depthwise = false)
        : base(nameof(ConvNormRelu))
    {
        Conv = new ConvLayer(inChannels, outChannels, kernel, stride, bias: style.Norm == NormKind.None, depthwise);
        (ActivationKind, NegativeSlope) = (style.Activation, style.NegativeSlope);
        register_module("conv", Conv);
        Initialization.Normal(Conv.Weight, 0.01, generator);
        Norm = style.CreateNorm(outChannels);
        if (Norm is not null)
        {
            register_module(NormLayer.NameOf(style.Norm), Norm);
        }
    }

    /// <summary>Gets the convolution.</summary>
    public ConvLayer Conv { get; }

    /// <summary>Gets the norm, or null.</summary>
    public nn.Module<Tensor, Tensor>? Norm { get; }

    /// <summary>Gets the kind of the activation.</summary>
    public ActivationKind ActivationKind { get; }

    /// <summary>Gets the slope of the activation below 0; 0 is ReLU.</summary>
    public double NegativeSlope { get; }

    IEnumerable<(ConvLayer Conv, TorchSharp.Modules.BatchNorm2d Norm)> INormedConvs.NormedConvs =>
        Norm is TorchSharp.Modules.BatchNorm2d batch ? [(Conv, batch)] : [];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(NormRelu.Run(Conv, Norm, input, activation: ActivationKind, negativeSlope: NegativeSlope));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input) =>
        Activation.Emit(graph, NormRelu.Emit(graph, Conv, Norm, input), ActivationKind, NegativeSlope);

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
