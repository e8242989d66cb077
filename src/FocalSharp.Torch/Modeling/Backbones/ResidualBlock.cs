using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Deformable;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// A residual block: two 3x3 convolutions, or a 1x1–3x3–1x1 bottleneck, each with its norm; ReLU between and after the sum with
/// the shortcut. The stride sits in the (first) 3x3 convolution, as in torchvision.
/// </summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>, INormedConvs
{
    private readonly ConvLayer[] _convs;
    private readonly nn.Module<Tensor, Tensor>[] _norms;
    private readonly (ConvLayer Conv, nn.Module<Tensor, Tensor> Norm)? _shortcut;

    /// <summary>Creates a block of a stage.</summary>
    /// <param name="inChannels">Number of input channels.</param>
    /// <param name="stage">Index of the stage, from 0.</param>
    /// <param name="stride">Stride in both directions.</param>
    /// <param name="architecture">The kind of block.</param>
    /// <param name="options">Channels, norms, groups and deformable convolutions.</param>
    /// <param name="generator">Source of the random weights.</param>
    public ResidualBlock(int inChannels, int stage, int stride, ResNetArchitecture architecture, ResNetOptions options, Generator generator)
        : base(nameof(ResidualBlock))
    {
        int channels = options.BaseChannels << stage;
        int outChannels = channels * architecture.Expansion;
        int inner = options.GetInnerChannels(stage);
        int? deformable = options.DeformableStages.Contains(stage + 1) ? options.DeformableVersion : null;
        _convs = architecture.Bottleneck
            ? [
                new ConvLayer(inChannels, inner, kernel: 1, bias: false),
                new ConvLayer(inner, inner, kernel: 3, stride, bias: false, options.Groups, deformable),
                new ConvLayer(inner, outChannels, kernel: 1, bias: false),
            ]
            : [
                new ConvLayer(inChannels, channels, kernel: 3, stride, bias: false),
                new ConvLayer(channels, outChannels, kernel: 3, bias: false),
            ];
        _norms = [.. _convs.Select(conv => options.CreateNorm(conv.Weight.shape[0]))];
        for (int i = 0; i < _convs.Length; i++)
        {
            register_module($"conv{i + 1}", _convs[i]);
            register_module($"{NormLayer.NameOf(options.Norm)}{i + 1}", _norms[i]);
            if (_convs[i].IsDeformable)
            {
                DeformableOffsets.Initialize(_convs[i].Weight, options.DeformableVersion, options.Groups, generator);
            }
            else
            {
                Initialization.KaimingNormal(_convs[i].Weight, generator);
            }
        }

        // The block starts as the identity, so that a deep net trains from scratch.
        Initialization.Constant(_norms[^1].get_parameter("weight")!, 0);
        if (stride != 1 || inChannels != outChannels)
        {
            ConvLayer shortcut = new(inChannels, outChannels, kernel: 1, stride, bias: false);
            Initialization.KaimingNormal(shortcut.Weight, generator);
            _shortcut = (shortcut, options.CreateNorm(outChannels));
            register_module("downsample", nn.Sequential(shortcut, _shortcut.Value.Norm));
        }
    }

    public IEnumerable<(ConvLayer Conv, BatchNorm2d Norm)> NormedConvs
    {
        get
        {
            IEnumerable<(ConvLayer Conv, nn.Module<Tensor, Tensor> Norm)> pairs = _convs.Zip(_norms);
            pairs = _shortcut is { } shortcut ? pairs.Append(shortcut) : pairs;
            return pairs.Where(pair => pair.Norm is BatchNorm2d).Select(pair => (pair.Conv, (BatchNorm2d)pair.Norm));
        }
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input;
        for (int i = 0; i < _convs.Length - 1; i++)
        {
            x = NormRelu.Run(_convs[i], _norms[i], x);
        }

        Tensor shortcut = _shortcut is var (conv, norm) ? NormRelu.Run(conv, norm, input, activation: ActivationKind.None) : input;
        return scope.MoveToOuter(NormRelu.Run(_convs[^1], _norms[^1], x, shortcut));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue x = input;
        for (int i = 0; i < _convs.Length; i++)
        {
            x = NormRelu.Emit(graph, _convs[i], _norms[i], x);
            x = i < _convs.Length - 1 ? graph.Relu(x) : x;
        }

        OnnxValue shortcut = _shortcut is var (conv, norm) ? NormRelu.Emit(graph, conv, norm, input) : input;
        return graph.Relu(graph.Add(x, shortcut));
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
