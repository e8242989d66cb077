using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// A square 2-D convolution <c>[B, in, H, W] → [B, out, H', W']</c>, zero-padded by (kernel − 1)/2. It computes in the precision of
/// the <see cref="Autocast"/> around it.
/// </summary>
/// <remarks>
/// Two faults of libtorch 2.10's oneDNN are kept away, both seen on a virtual machine that hides its CPU's cache sizes. Channel
/// counts that are no multiple of 16 give garbage (outputs or gradients, unlike from run to run): channels are filled up with
/// zeros, as oneDNN would by itself for its blocked layout. 1x1 kernels divide by zero and end the process, over channels-last
/// memory and with a stride: inputs are brought to the default layout (channels-last gained nothing in training), and thinned
/// out before the convolution.
/// </remarks>
public sealed class ConvLayer : nn.Module<Tensor, Tensor>
{
    private const int ChannelMultiple = 16;

    private readonly int _outChannels;
    private readonly int _inChannelPadding;
    private readonly int _outChannelPadding;
    private readonly int _groups;
    private readonly bool _isStem;
    private readonly int _subsampling;
    private readonly long[] _strides;
    private readonly long[] _padding;
    private Tensor? _foldedWeight;
    private Tensor? _foldedBias;

    /// <summary>Makes the layer with all parameters zero; its owner fills them.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="kernel">Side of the kernel, odd.</param>
    /// <param name="stride">Step in both directions.</param>
    /// <param name="bias">Whether a bias per output channel is added.</param>
    /// <param name="depthwise">Whether each channel is convolved with a kernel of its own; then as many go in as come out.</param>
    public ConvLayer(int inChannels, int outChannels, int kernel, int stride = 1, bool bias = true, bool depthwise = false)
        : base(nameof(ConvLayer))
    {
        if (depthwise && inChannels != outChannels)
        {
            throw new ArgumentException($"A depthwise convolution gives as many channels as it takes, not {outChannels} for {inChannels}.", nameof(outChannels));
        }

        register_parameter("weight", nn.Parameter(zeros(outChannels, depthwise ? 1 : inChannels, kernel, kernel)));
        if (bias)
        {
            register_parameter("bias", nn.Parameter(zeros(outChannels)));
        }

        _outChannels = outChannels;
        _inChannelPadding = ChannelPadding(inChannels);
        _outChannelPadding = ChannelPadding(outChannels);
        _groups = depthwise ? outChannels + _outChannelPadding : 1;
        _isStem = inChannels == 3 && !depthwise;
        _subsampling = kernel == 1 ? stride : 1;
        _strides = kernel == 1 ? [1, 1] : [stride, stride];
        _padding = [kernel / 2, kernel / 2];
        Stride = stride;
    }

    /// <summary>Step in both directions.</summary>
    public int Stride { get; }

    /// <summary>Whether each channel has a kernel of its own.</summary>
    public bool Depthwise => _groups > 1;

    /// <summary>Weights <c>[out, in, kernel, kernel]</c>; depthwise: <c>[out, 1, kernel, kernel]</c>.</summary>
    public Parameter Weight => get_parameter("weight")!; // looked up: moving to a device or type puts another object in its place

    /// <summary>Bias <c>[out]</c>, or null.</summary>
    public Parameter? Bias => get_parameter("bias");

    /// <summary>Whether a batch norm is folded in: then the layer computes both.</summary>
    internal bool IsFolded => _foldedWeight is not null;

    /// <summary>
    /// Takes a batch norm with its running statistics into weights of its own, for inference: <c>γ·(w∗x + b − μ)/σ + β</c> is a convolution.
    /// The parameters stay as they are.
    /// </summary>
    internal void Fold(BatchNorm2d norm)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        Tensor factor = norm.weight!.div(norm.running_var!.add(norm.eps).sqrt_());
        Tensor shift = norm.bias!.sub(norm.running_mean!.mul(factor));
        Unfold();
        _foldedWeight = Weight.mul(factor.view(-1, 1, 1, 1)).DetachFromDisposeScope();
        _foldedBias = (Bias is null ? shift : Bias.mul(factor).add_(shift)).DetachFromDisposeScope();
    }

    /// <summary>Computes the convolution alone again.</summary>
    internal void Unfold()
    {
        _foldedWeight?.Dispose();
        _foldedBias?.Dispose();
        (_foldedWeight, _foldedBias) = (null, null);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();

        // Three channels in have kernels of their own, at fault only in the gradient of the pictures, which training never asks for.
        int inChannelPadding = _isStem && !input.requires_grad ? 0 : _inChannelPadding;
        Tensor x = _subsampling == 1 ? input : input.slice(2, 0, long.MaxValue, _subsampling).slice(3, 0, long.MaxValue, _subsampling);
        if (ChannelsLast.IsOn && !Depthwise)
        {
            return scope.MoveToOuter(ForwardChannelsLast(x, inChannelPadding));
        }

        (Tensor weight, Tensor? bias) = Weights(_groups > 1 ? 0 : inChannelPadding, channelsLast: false);
        x = (inChannelPadding == 0 ? x.contiguous() : nn.functional.pad(x, [0, 0, 0, 0, 0, inChannelPadding])).to(weight.dtype);
        Tensor y = nn.functional.conv2d(x, weight, bias!, _strides, _padding, groups: _groups);
        return scope.MoveToOuter(_outChannelPadding == 0 ? y : y.narrow(1, 0, _outChannels));
    }

    /// <summary>Convolves a map that lies channel by channel; a 1x1 kernel is a matrix there, and multiplied as one.</summary>
    private Tensor ForwardChannelsLast(Tensor input, int inChannelPadding)
    {
        (Tensor weight, Tensor? bias) = Weights(inChannelPadding, channelsLast: true);
        Tensor x = ChannelsLast.Convert(input).to(weight.dtype);
        x = inChannelPadding == 0 ? x : nn.functional.pad(x, [0, 0, 0, 0, 0, inChannelPadding]);
        Tensor y = weight.size(3) == 1
            ? nn.functional.linear(x.permute(0, 2, 3, 1), weight.flatten(1), bias!).permute(0, 3, 1, 2)
            : nn.functional.conv2d(x, weight, bias!, _strides, _padding);
        return _outChannelPadding == 0 ? y : y.narrow(1, 0, _outChannels);
    }

    private Autocast.CastWeights Weights(int inChannelPadding, bool channelsLast) => Autocast.IsEnabled
        ? Autocast.GetOrAddWeights(this, () => Cast(inChannelPadding, channelsLast))
        : PaddedWeights(inChannelPadding);

    /// <summary>The filled weights in bfloat16, in the memory layout of the maps: oneDNN would bring them there at every call.</summary>
    private Autocast.CastWeights Cast(int inChannelPadding, bool channelsLast)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, Tensor? bias) = PaddedWeights(inChannelPadding);
        weight = Half(weight);
        weight = channelsLast ? ChannelsLast.Convert(weight) : weight;
        return new(weight.DetachFromDisposeScope(), bias is null ? null : Half(bias).DetachFromDisposeScope());

        // An alias, not the parameter itself, is what the scope disposes of.
        static Tensor Half(Tensor tensor) => tensor.dtype == ScalarType.BFloat16 ? tensor.alias() : tensor.to(ScalarType.BFloat16);
    }

    private Autocast.CastWeights PaddedWeights(int inChannelPadding)
    {
        Tensor weight = _foldedWeight ?? Weight;
        Tensor? bias = _foldedBias ?? Bias;
        return new(
            inChannelPadding == 0 && _outChannelPadding == 0 ? weight : nn.functional.pad(weight, [0, 0, 0, 0, 0, inChannelPadding, 0, _outChannelPadding]),
            _outChannelPadding == 0 || bias is null ? bias : nn.functional.pad(bias, [0, _outChannelPadding]));
    }

    private static int ChannelPadding(int channels) => (ChannelMultiple - (channels % ChannelMultiple)) % ChannelMultiple;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Unfold();
        }

        base.Dispose(disposing);
    }
}
