using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// A convolution (<c>conv</c>), a normalisation (<c>gn</c>, <c>bn</c> or none, then with bias) and ReLU or LeakyReLU: one storey of the
/// head's towers, and what light backbones are made of.
/// </summary>
public sealed class ConvNormRelu : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>, INormedConvs
{
    /// <summary>Makes the layer, weights N(0, 0.01) as in the official head, norm 1 and 0, bias 0.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="style">Normalisation and activation.</param>
    /// <param name="generator">Draws the weights.</param>
    /// <param name="kernel">Side of the kernel, odd.</param>
    /// <param name="stride">Step in both directions.</param>
    /// <param name="depthwise">Whether each channel is convolved by itself.</param>
    public ConvNormRelu(
        int inChannels, int outChannels, ConvBlockOptions style, Generator generator, int kernel = 3, int stride = 1, bool depthwise = false)
        : base(nameof(ConvNormRelu))
    {
        Conv = new ConvLayer(inChannels, outChannels, kernel, stride, bias: style.Norm == NormKind.None, depthwise);
        NegativeSlope = style.NegativeSlope;
        register_module("conv", Conv);
        Initialization.Normal(Conv.Weight, 0.01, generator);
        Norm = NormLayer.Create(style.Norm, outChannels, style.NormGroups);
        if (Norm is not null)
        {
            register_module(NormLayer.NameOf(style.Norm), Norm);
        }
    }

    /// <summary>The convolution.</summary>
    public ConvLayer Conv { get; }

    /// <summary>The normalisation, null for none.</summary>
    public nn.Module<Tensor, Tensor>? Norm { get; }

    /// <summary>Slope of the activation below 0; 0 is ReLU.</summary>
    public double NegativeSlope { get; }

    IEnumerable<(ConvLayer Conv, TorchSharp.Modules.BatchNorm2d Norm)> INormedConvs.NormedConvs =>
        Norm is TorchSharp.Modules.BatchNorm2d batch ? [(Conv, batch)] : [];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(NegativeSlope == 0
            ? NormRelu.Run(Conv, Norm, input)
            : nn.functional.leaky_relu(NormRelu.ApplyNorm(Conv, Norm, Conv.call(input)), NegativeSlope, inplace: true));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input) =>
        graph.Activation(graph.NormedConv(Conv, Norm, input), NegativeSlope);

    /// <summary>Nothing: all parts are registered by their official names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
