using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// Convolutions one after the other, each with a norm and, where requested, an activation, under the names that official light
/// networks give them (<c>branch2.0</c>, <c>branch2.1</c>, <c>branch2.3</c>, …), and optionally a shortcut around all of them. Initial weights:
/// Kaiming normal (fan-out).
/// </summary>
internal sealed class ConvChain : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>, INormedConvs
{
    private readonly (ConvLayer Conv, nn.Module<Tensor, Tensor>? Norm, bool Activate)[] _links;
    private readonly ConvBlockOptions _style;

    /// <summary>Creates the convolutions with random weights.</summary>
    public ConvChain(ConvBlockOptions style, Generator generator, params IReadOnlyList<ConvLink> links)
        : base(nameof(ConvChain))
    {
        _style = style;
        _links = new (ConvLayer, nn.Module<Tensor, Tensor>?, bool)[links.Count];
        for (int i = 0; i < _links.Length; i++)
        {
            ConvLink link = links[i];
            ConvLayer conv = new(link.In, link.Out, link.Kernel, link.Stride, bias: style.Norm == NormKind.None, link.Depthwise);
            nn.Module<Tensor, Tensor>? norm = style.CreateNorm(link.Out);
            Initialization.KaimingNormal(conv.Weight, generator);
            register_module(link.Name, conv);
            if (norm is not null)
            {
                register_module(link.NormName, norm);
            }

            _links[i] = (conv, norm, link.Activate);
        }
    }

    /// <summary>Gets whether the input is added to the last convolution's normalized output; both have as many channels and the same size.</summary>
    public bool IsResidual { get; init; }

    /// <summary>
    /// Gets the probability that the convolutions of a residual chain are left out for an image in training (drop connect of
    /// EfficientNet, stochastic depth of arXiv 1603.09382); what remains is divided by its probability.
    /// </summary>
    public double DropRate { get; init; }

    IEnumerable<(ConvLayer Conv, BatchNorm2d Norm)> INormedConvs.NormedConvs =>
        _links.Where(link => link.Norm is BatchNorm2d).Select(link => (link.Conv, (BatchNorm2d)link.Norm!));

    /// <summary>Returns whether <see cref="ForwardPadded"/> supports a map of a type on this thread.</summary>
    internal bool SupportsPadded(Tensor map) => ChannelsLast.SupportsBlocks(map) && _links.All(link => NormRelu.SupportsPadded(link.Norm));

    /// <summary>Gets the number of input channels that <see cref="ForwardPadded"/> reads.</summary>
    internal int PaddedChannels => _links[0].Conv.PaddedInChannels;

    /// <summary>
    /// Computes without removing the channels that pad maps to a multiple of 16, which are 0, nor adding such to the input, which has them. Only where
    /// <see cref="SupportsPadded"/>, and without shortcut.
    /// </summary>
    internal Tensor ForwardPadded(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input;
        foreach ((ConvLayer conv, nn.Module<Tensor, Tensor>? norm, bool activate) in _links)
        {
            x = NormRelu.TryRunPadded(conv, norm, x, Fuse(activate)) ?? throw new InvalidOperationException("The fused kernels do not support the map.");
        }

        return scope.MoveToOuter(x);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input;
        bool drops = training && DropRate > 0;
        for (int i = 0; i < _links.Length; i++)
        {
            (ConvLayer conv, nn.Module<Tensor, Tensor>? norm, bool activate) = _links[i];
            Tensor? shortcut = IsResidual && !drops && i == _links.Length - 1 ? input : null;
            FusedActivation activation = Fuse(activate);
            x = NormRelu.TryRunPadded(conv, norm, x, activation, shortcut) ?? NormRelu.Run(conv, norm, x, shortcut, activation.Kind, _style.NegativeSlope);
        }

        long channels = _links[^1].Conv.Weight.shape[0];
        x = x.size(1) == channels ? x : x.narrow(1, 0, channels);
        return scope.MoveToOuter(drops ? (x * CreateDropMask(x)) + input : x);
    }

    private FusedActivation Fuse(bool activate) => new(activate ? _style.Activation : ActivationKind.None, (float)_style.NegativeSlope);

    /// <summary>
    /// Returns 0 for images whose convolutions are left out, else 1 / (1 − rate). The numbers follow from the rate and the steps that the
    /// norm has seen, which are saved with the weights, so that a resumed run draws the same.
    /// </summary>
    private Tensor CreateDropMask(Tensor x)
    {
        const ulong Scale = 1 << 20; // of the rate, by which the blocks of a network differ
        ulong steps = _links[^1].Norm is BatchNorm2d { num_batches_tracked: { } tracked } ? (ulong)tracked.item<long>() : 0;
        using Generator generator = new((steps * Scale) + (ulong)(DropRate * Scale));
        using Tensor random = rand([x.size(0), 1, 1, 1], generator: generator);
        using Tensor kept = random.ge(DropRate).to(x.dtype);
        return (kept / (1 - DropRate)).to(x.device);
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue x = input;
        foreach ((ConvLayer conv, nn.Module<Tensor, Tensor>? norm, bool activate) in _links)
        {
            x = NormRelu.Emit(graph, conv, norm, x);
            x = activate ? Activation.Emit(graph, x, _style.Activation, _style.NegativeSlope) : x;
        }

        return IsResidual ? graph.Add(x, input) : x;
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
