using FocalSharp.Torch.Modeling.Layers.Deformable;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// A square 2-D convolution <c>[B, in, H, W] → [B, out, H', W']</c>, zero-padded by (kernel − 1)/2. It computes in the precision
/// of the detector and can be exported to ONNX; prefer it to <c>nn.Conv2d</c> in custom parts.
/// </summary>
/// <remarks>
/// Works around two bugs of libtorch 2.10's oneDNN on virtual machines that hide the CPU's cache sizes. Channel counts that are
/// not a multiple of 16 give wrong outputs or gradients, which differ from run to run: channels are padded with zeros, as oneDNN
/// does for its blocked layout. 1x1 kernels with a stride or over channels-last memory divide by zero and end the process: inputs
/// are subsampled before the convolution, and multiplied as matrices in bfloat16; float32 maps have channels-last memory only where
/// the CPU reports its caches (<see cref="PrecisionSupport.HasFastFloat32"/>).
/// </remarks>
public sealed class ConvLayer : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    private const int ChannelMultiple = 16;

    private readonly int _outChannels;
    private readonly int _inChannels;
    private readonly int _inChannelPadding;
    private readonly int _outChannelPadding;
    private readonly int _groups;
    private readonly int _paddedGroups;
    private readonly bool _isStem;
    private readonly int _subsampling;
    private readonly long[] _strides;
    private readonly long[] _padding;
    private readonly DeformableOffsets? _offsets;
    private Tensor? _foldedWeight;
    private Tensor? _foldedBias;

    /// <summary>Initializes the layer with all parameters 0; fill them, for example with <c>nn.init</c>.</summary>
    /// <param name="inChannels">Number of input channels.</param>
    /// <param name="outChannels">Number of output channels.</param>
    /// <param name="kernel">Size of the kernel, an odd number.</param>
    /// <param name="stride">Stride in both directions.</param>
    /// <param name="bias">Whether a bias per output channel is added.</param>
    /// <param name="depthwise">Whether each channel has its own kernel; then both numbers of channels are equal.</param>
    public ConvLayer(int inChannels, int outChannels, int kernel, int stride = 1, bool bias = true, bool depthwise = false)
        : this(inChannels, outChannels, kernel, stride, bias, groups: depthwise ? Math.Max(inChannels, outChannels) : 1)
    {
    }

    /// <summary>Initializes a layer of several groups, or one whose kernel's points are shifted by predicted offsets.</summary>
    /// <param name="inChannels">Number of input channels.</param>
    /// <param name="outChannels">Number of output channels.</param>
    /// <param name="kernel">Size of the kernel, an odd number.</param>
    /// <param name="stride">Stride in both directions.</param>
    /// <param name="bias">Whether a bias per output channel is added.</param>
    /// <param name="groups">Number of groups; the output channels of a group read its input channels only.</param>
    /// <param name="deformable">Version of a deformable convolution, with a mask from 2 on; null for an ordinary one.</param>
    internal ConvLayer(int inChannels, int outChannels, int kernel, int stride, bool bias, int groups, int? deformable = null)
        : base(LibTorch.Named(nameof(ConvLayer)))
    {
        if (inChannels % groups != 0 || outChannels % groups != 0)
        {
            throw new ArgumentException(
                $"A convolution of {groups} groups needs multiples of {groups} channels (a depthwise one as many outputs as inputs); {inChannels} and {outChannels} were given.",
                nameof(outChannels));
        }

        register_parameter("weight", nn.Parameter(zeros(outChannels, inChannels / groups, kernel, kernel)));
        if (bias)
        {
            register_parameter("bias", nn.Parameter(zeros(outChannels)));
        }

        _outChannels = outChannels;
        _inChannels = inChannels;
        _groups = groups;
        _paddedGroups = groups;
        while (groups > 1 && ((_paddedGroups * (inChannels / groups)) % ChannelMultiple != 0 || (_paddedGroups * (outChannels / groups)) % ChannelMultiple != 0))
        {
            _paddedGroups++;
        }

        _inChannelPadding = groups > 1 ? (_paddedGroups - groups) * (inChannels / groups) : ChannelPadding(inChannels);
        _outChannelPadding = groups > 1 ? (_paddedGroups - groups) * (outChannels / groups) : ChannelPadding(outChannels);
        _isStem = inChannels == 3 && groups == 1;
        _subsampling = kernel == 1 ? stride : 1;
        _strides = kernel == 1 ? [1, 1] : [stride, stride];
        _padding = [kernel / 2, kernel / 2];
        Stride = stride;
        if (deformable is { } version)
        {
            _offsets = new DeformableOffsets(inChannels, kernel, stride, hasMask: version > 1);
            register_module("conv_offset", _offsets.Layer);
        }
    }

    /// <summary>Gets the stride in both directions.</summary>
    public int Stride { get; }

    /// <summary>Gets whether each channel has its own kernel.</summary>
    public bool Depthwise => _groups > 1 && _groups == _inChannels && _groups == _outChannels;

    /// <summary>Gets the weights <c>[out, in / groups, kernel, kernel]</c>; depthwise: <c>[out, 1, kernel, kernel]</c>.</summary>
    public Parameter Weight => get_parameter("weight")!; // looked up, since moving to a device or type replaces the object

    /// <summary>Gets the bias <c>[out]</c>, or null.</summary>
    public Parameter? Bias => get_parameter("bias");

    /// <summary>Gets whether the kernel's points are shifted by predicted offsets.</summary>
    internal bool IsDeformable => _offsets is not null;

    /// <summary>Gets the number of input channels with those that pad them to a multiple of 16.</summary>
    internal int PaddedInChannels => _inChannels + _inChannelPadding;

    /// <summary>Gets whether a batch norm is folded in, so that the layer computes both.</summary>
    internal bool IsFolded => _foldedWeight is not null;

    /// <summary>
    /// Folds a batch norm with its running statistics into a copy of the weights, for inference: <c>γ·(w∗x + b − μ)/σ + β</c> is
    /// a convolution. The parameters do not change.
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

    /// <summary>Computes with other weights and bias instead of the parameters until <see cref="Unfold"/>; copies them.</summary>
    internal void SetFolded(Tensor weight, Tensor bias)
    {
        Unfold();
        _foldedWeight = weight.clone().DetachFromDisposeScope();
        _foldedBias = bias.clone().DetachFromDisposeScope();
    }

    /// <summary>Removes the folded batch norm.</summary>
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

        if (_offsets is not null)
        {
            return scope.MoveToOuter(_offsets.Convolve(input, _foldedWeight ?? Weight, _foldedBias ?? Bias, Stride, _groups));
        }

        if (ChannelsLast.IsOn && Depthwise)
        {
            Tensor padded = ForwardPadded(input);
            return scope.MoveToOuter(_outChannelPadding == 0 ? padded : padded.narrow(1, 0, _outChannels));
        }

        // With three input channels only the gradient of the images is wrong, which training does not compute.
        int inChannelPadding = _isStem && !input.requires_grad ? 0 : _inChannelPadding;
        Tensor x = _subsampling == 1 ? input : input.slice(2, 0, long.MaxValue, _subsampling).slice(3, 0, long.MaxValue, _subsampling);
        if (ChannelsLast.IsOn)
        {
            Tensor z = ForwardChannelsLast(x, inChannelPadding);
            return scope.MoveToOuter(_outChannelPadding == 0 ? z : z.narrow(1, 0, _outChannels));
        }

        (Tensor weight, Tensor? bias) = Weights(inChannelPadding, channelsLast: false);
        x = (inChannelPadding == 0 ? x.contiguous() : nn.functional.pad(x, [0, 0, 0, 0, 0, inChannelPadding])).to(weight.dtype);
        Tensor y = nn.functional.conv2d(x, weight, bias!, _strides, _padding, groups: _paddedGroups);
        return scope.MoveToOuter(_outChannelPadding == 0 ? y : y.narrow(1, 0, _outChannels));
    }

    /// <summary>
    /// Convolves a map without removing the channels that pad the output to a multiple of 16, which are 0. The input may be padded
    /// in the same way. Only where <see cref="ChannelsLast.IsOn"/>.
    /// </summary>
    internal Tensor ForwardPadded(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        bool padded = input.size(1) == PaddedInChannels;
        if (!Depthwise)
        {
            Tensor x = _subsampling == 1 ? input : input.slice(2, 0, long.MaxValue, _subsampling).slice(3, 0, long.MaxValue, _subsampling);
            return scope.MoveToOuter(ForwardChannelsLast(x, _isStem ? 0 : _inChannelPadding, padded));
        }

        (Tensor weight, Tensor? bias) = PaddedWeights(0);
        Tensor map = input.to(ChannelsLast.Type);
        map = padded ? map : nn.functional.pad(map, [0, 0, 0, 0, 0, _inChannelPadding]);
        Tensor y = FusedDepthwise.Compute(map, weight, Stride);
        return scope.MoveToOuter(bias is null ? y : y + bias.to(y.dtype).view(1, -1, 1, 1));
    }

    /// <summary>Convolves a channels-last map; a 1x1 kernel is a matrix product there, in bfloat16.</summary>
    private Tensor ForwardChannelsLast(Tensor input, int inChannelPadding, bool padded = false)
    {
        (Tensor weight, Tensor? bias) = Weights(inChannelPadding, channelsLast: true);
        Tensor x = ChannelsLast.Convert(input).to(weight.dtype);
        x = inChannelPadding == 0 || padded ? x : nn.functional.pad(x, [0, 0, 0, 0, 0, inChannelPadding]);
        return weight.size(3) == 1 && x.dtype == ScalarType.BFloat16
            ? nn.functional.linear(x.permute(0, 2, 3, 1), weight.flatten(1), bias!).permute(0, 3, 1, 2)
            : nn.functional.conv2d(x, weight, bias!, _strides, _padding, groups: _paddedGroups);
    }

    private Autocast.CastWeights Weights(int inChannelPadding, bool channelsLast) => Autocast.IsEnabled
        ? Autocast.GetOrAddWeights(this, () => Cast(inChannelPadding, channelsLast))
        : PaddedWeights(inChannelPadding);

    /// <summary>
    /// Returns the padded weights in bfloat16 and in the memory layout of the maps, to which oneDNN would convert them at every
    /// call.
    /// </summary>
    private Autocast.CastWeights Cast(int inChannelPadding, bool channelsLast)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, Tensor? bias) = PaddedWeights(inChannelPadding);
        weight = Half(weight);
        weight = channelsLast ? ChannelsLast.Convert(weight) : weight;
        return new(weight.DetachFromDisposeScope(), bias is null ? null : Half(bias).DetachFromDisposeScope());

        // The scope disposes of an alias, not of the parameter itself.
        static Tensor Half(Tensor tensor) => tensor.dtype == ScalarType.BFloat16 ? tensor.alias() : tensor.to(ScalarType.BFloat16);
    }

    private Autocast.CastWeights PaddedWeights(int inChannelPadding)
    {
        Tensor weight = _foldedWeight ?? Weight;
        Tensor? bias = _foldedBias ?? Bias;
        int perGroup = _groups > 1 ? 0 : inChannelPadding; // else whole groups are added
        return new(
            perGroup == 0 && _outChannelPadding == 0 ? weight : nn.functional.pad(weight, [0, 0, 0, 0, 0, perGroup, 0, _outChannelPadding]),
            _outChannelPadding == 0 || bias is null ? bias : nn.functional.pad(bias, [0, _outChannelPadding]));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input) => Emit(graph, input);

    /// <summary>Emits the convolution, with a batch norm after it folded into the weights.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">Features <c>[B, in, H, W]</c>.</param>
    /// <param name="norm">The batch norm that follows, or null.</param>
    /// <param name="outputs">Number of output channels to emit, from the first on; null for all.</param>
    internal OnnxValue Emit(OnnxGraph graph, OnnxValue x, BatchNorm2d? norm = null, int? outputs = null)
    {
        return Emit(graph, x, FoldedConv.Create(this, norm), graph.PathOf(this), outputs);
    }

    /// <summary>Emits the convolution with other weights of the same shape.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">Features <c>[B, in, H, W]</c>.</param>
    /// <param name="folded">The weights.</param>
    /// <param name="path">The path under which the weights and the node are stored.</param>
    /// <param name="outputs">Number of output channels to emit, from the first on; null for all.</param>
    internal OnnxValue Emit(OnnxGraph graph, OnnxValue x, FoldedConv folded, string path, int? outputs = null)
    {
        int retained = outputs ?? folded.Outputs;
        long kernel = folded.Shape[2];
        OnnxValue weight = graph.Weight(
            $"{path}.weight", folded.Weight.AsSpan(0, folded.Weight.Length / folded.Outputs * retained), retained, folded.Shape[1], kernel, kernel);
        OnnxValue[] inputs = folded.Bias is { } bias ? [x, weight, graph.Weight($"{path}.bias", bias.AsSpan(0, retained), retained)] : [x, weight];
        if (_offsets is not null)
        {
            return _offsets.Emit(graph, path, inputs, kernel, Stride, _groups);
        }

        using (graph.BeginScope(path))
        {
            return graph.Node(
                "Conv",
                inputs,
                ("kernel_shape", new[] { kernel, kernel }),
                ("group", _groups),
                ("strides", new long[] { Stride, Stride }),
                ("pads", new[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }));
        }
    }

    /// <summary>
    /// Emits a 1x1 convolution over features laid out by location, <c>[B, N, in]</c> to <c>[B, N, out]</c>, in float32.
    /// </summary>
    internal OnnxValue EmitLinear(OnnxGraph graph, OnnxValue x)
    {
        string path = graph.PathOf(this);
        float[] weight = OnnxGraph.ReadValues(Weight);
        (long outputs, long inputs) = (Weight.shape[0], Weight.shape[1]);
        float[] transposed = new float[weight.Length];
        for (long i = 0; i < weight.Length; i++)
        {
            transposed[(i % inputs * outputs) + (i / inputs)] = weight[i];
        }

        using (graph.BeginScope(path))
        {
            OnnxValue product = graph.MatMul(x, graph.Float32Weight($"{path}.weight", transposed, inputs, outputs));
            return Bias is { } bias ? graph.Add(product, graph.Float32Weight($"{path}.bias", OnnxGraph.ReadValues(bias), outputs)) : product;
        }
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
