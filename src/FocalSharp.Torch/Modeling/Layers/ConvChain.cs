using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// Convolutions one after the other, each with a norm and, where requested, an activation, under the names that official light
/// networks give them (<c>branch2.0</c>, <c>branch2.1</c>, <c>branch2.3</c>, …). Initial weights: Kaiming normal (fan-out).
/// </summary>
internal sealed class ConvChain : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>, INormedConvs
{
    private readonly (ConvLayer Conv, nn.Module<Tensor, Tensor>? Norm, bool Activate)[] _links;
    private readonly double _negativeSlope;

    /// <summary>Creates the convolutions with random weights.</summary>
    public ConvChain(ConvBlockOptions style, Generator generator, params IReadOnlyList<ConvLink> links)
        : base(nameof(ConvChain))
    {
        _negativeSlope = style.NegativeSlope;
        _links = new (ConvLayer, nn.Module<Tensor, Tensor>?, bool)[links.Count];
        for (int i = 0; i < _links.Length; i++)
        {
            ConvLink link = links[i];
            ConvLayer conv = new(link.In, link.Out, link.Kernel, link.Stride, bias: style.Norm == NormKind.None, link.Depthwise);
            nn.Module<Tensor, Tensor>? norm = NormLayer.Create(style.Norm, link.Out, style.NormGroups);
            Initialization.KaimingNormal(conv.Weight, generator);
            register_module(link.Name, conv);
            if (norm is not null)
            {
                register_module(link.NormName, norm);
            }

            _links[i] = (conv, norm, link.Activate);
        }
    }

    IEnumerable<(ConvLayer Conv, BatchNorm2d Norm)> INormedConvs.NormedConvs =>
        _links.Where(link => link.Norm is BatchNorm2d).Select(link => (link.Conv, (BatchNorm2d)link.Norm!));

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input;
        foreach ((ConvLayer conv, nn.Module<Tensor, Tensor>? norm, bool activate) in _links)
        {
            ActivationKind activation = activate ? ActivationKind.Relu : ActivationKind.None;
            x = NormRelu.TryRunPadded(conv, norm, x, new FusedActivation(activation, (float)_negativeSlope))
                ?? NormRelu.Run(conv, norm, x, activation: activation, negativeSlope: _negativeSlope);
        }

        long channels = _links[^1].Conv.Weight.shape[0];
        return scope.MoveToOuter(x.size(1) == channels ? x : x.narrow(1, 0, channels));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue x = input;
        foreach ((ConvLayer conv, nn.Module<Tensor, Tensor>? norm, bool activate) in _links)
        {
            x = NormRelu.Emit(graph, conv, norm, x);
            x = activate ? graph.Relu(x, _negativeSlope) : x;
        }

        return x;
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}

/// <summary>One convolution of a <see cref="ConvChain"/>.</summary>
/// <param name="Name">Its name in the state dict.</param>
/// <param name="NormName">The name of its norm.</param>
/// <param name="In">Number of input channels.</param>
/// <param name="Out">Number of output channels.</param>
/// <param name="Kernel">Size of the kernel, an odd number.</param>
/// <param name="Stride">Stride in both directions.</param>
/// <param name="Depthwise">Whether each channel has its own kernel.</param>
/// <param name="Activate">Whether an activation follows the norm.</param>
internal readonly record struct ConvLink(
    string Name, string NormName, int In, int Out, int Kernel = 1, int Stride = 1, bool Depthwise = false, bool Activate = true);
