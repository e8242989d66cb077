using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Layers;

/// <summary>
/// A square 2-D convolution <c>[B, in, H, W] → [B, out, H', W']</c>, zero-padded by (kernel − 1)/2. It computes in the precision of
/// the <see cref="Autocast"/> around it, also where libtorch's own autocast is out of reach.
/// </summary>
public sealed class ConvLayer : nn.Module<Tensor, Tensor>
{
    private readonly long[] _strides;
    private readonly long[] _padding;
    private readonly long _groups;

    /// <summary>Makes the layer with all parameters zero; its owner fills them.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="kernel">Side of the kernel, odd.</param>
    /// <param name="stride">Step in both directions.</param>
    /// <param name="bias">Whether a bias per output channel is added.</param>
    /// <param name="groups">Groups of channels that do not see each other; equal to <paramref name="inChannels"/> for depthwise.</param>
    public ConvLayer(int inChannels, int outChannels, int kernel, int stride = 1, bool bias = true, int groups = 1)
        : base(nameof(ConvLayer))
    {
        register_parameter("weight", nn.Parameter(zeros(outChannels, inChannels / groups, kernel, kernel)));
        if (bias)
        {
            register_parameter("bias", nn.Parameter(zeros(outChannels)));
        }

        _strides = [stride, stride];
        _padding = [kernel / 2, kernel / 2];
        _groups = groups;
    }

    /// <summary>Weights <c>[out, in / groups, kernel, kernel]</c>.</summary>
    public Parameter Weight => get_parameter("weight")!; // looked up: moving to a device or type puts another object in its place

    /// <summary>Bias <c>[out]</c>, or null.</summary>
    public Parameter? Bias => get_parameter("bias");

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        // libtorch 2.10's 1x1 convolutions over channels-last memory kill the process (division by zero in oneDNN) on machines that
        // hide their cache sizes, as many virtual ones do; and training gained nothing from that layout.
        using Tensor dense = input.contiguous();
        if (!Autocast.ConvolutionsCast)
        {
            return nn.functional.conv2d(dense, Weight, Bias!, _strides, _padding, groups: _groups);
        }

        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(nn.functional.conv2d(
            dense.to(ScalarType.BFloat16),
            Weight.to(ScalarType.BFloat16),
            Bias?.to(ScalarType.BFloat16)!,
            _strides,
            _padding,
            groups: _groups));
    }
}
