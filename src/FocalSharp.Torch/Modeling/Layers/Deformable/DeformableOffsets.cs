using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx.Graph;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Deformable;

/// <summary>
/// The part of a deformable convolution that predicts where it samples: an ordinary convolution with bias over all input channels, 0 at the start, for the offset in y
/// and x of each point of the kernel, and for the logits of its mask if it has one. So it starts as the ordinary convolution, with a mask as half of it.
/// </summary>
internal sealed class DeformableOffsets
{
    private readonly int _kernel;
    private readonly bool _hasMask;

    /// <summary>Creates the part with all parameters 0.</summary>
    public DeformableOffsets(int inChannels, int kernel, int stride, bool hasMask)
    {
        (_kernel, _hasMask) = (kernel, hasMask);
        Layer = new ConvLayer(inChannels, (hasMask ? 3 : 2) * kernel * kernel, kernel, stride);
    }

    /// <summary>Gets the convolution that predicts offsets, and logits of the mask.</summary>
    public ConvLayer Layer { get; }

    /// <summary>Returns the version of a deformable convolution by the outputs of its <c>conv_offset</c>; null if they fit none.</summary>
    /// <param name="outputs">Number of output channels.</param>
    /// <param name="kernel">Size of the kernel.</param>
    public static int? FindVersion(long outputs, int kernel) => outputs == 2 * kernel * kernel ? 1 : outputs == 3 * kernel * kernel ? 2 : null;

    /// <summary>Fills the weights of a convolution as mmcv does: version 1 Kaiming uniform, version 2 uniform within ±1/√(fan-in of all groups).</summary>
    public static void Initialize(Tensor weight, int version, int groups, Generator generator)
    {
        long perGroup = weight.size(1) * weight.size(2) * weight.size(3);
        Initialization.Uniform(weight, version == 1 ? Math.Sqrt(6.0 / perGroup) : Math.Sqrt(1.0 / (perGroup * groups)), generator);
    }

    /// <summary>Computes the convolution <c>[B, in, H, W] → [B, out, H', W']</c>; in bfloat16 if that is the precision of this thread.</summary>
    /// <param name="input">The map.</param>
    /// <param name="weight">Weights <c>[out, in / groups, kernel, kernel]</c>.</param>
    /// <param name="bias">Bias <c>[out]</c>, or null.</param>
    /// <param name="stride">Stride in both directions.</param>
    /// <param name="groups">Number of groups.</param>
    public Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, int stride, int groups)
    {
        // Positions are computed in the type of the weights: bfloat16 would round a map's coordinates to eighths of pixels.
        Tensor predicted = Layer.call(input).to(weight.dtype);
        int points = _kernel * _kernel;
        DeformableShape shape = new()
        {
            Batch = (int)input.size(0),
            Channels = (int)input.size(1),
            OutChannels = (int)weight.size(0),
            Map = ((int)input.size(2), (int)input.size(3)),
            Kernel = (_kernel, _kernel),
            Stride = (stride, stride),
            Padding = (_kernel / 2, _kernel / 2),
            Groups = groups,
        };
        Tensor output = DeformableConvolution.Compute(
            shape,
            input.to(weight.dtype),
            predicted.narrow(1, 0, 2 * points),
            _hasMask ? predicted.narrow(1, 2 * points, points).sigmoid() : null,
            weight,
            bias,
            halfProducts: Autocast.IsEnabled);
        output = Autocast.IsEnabled ? output.to(ScalarType.BFloat16) : output;
        return ChannelsLast.IsOn ? output : output.contiguous();
    }

    /// <summary>
    /// Emits the convolution as ONNX's DeformConv, in float32 regardless of the network's type: ONNX Runtime computes it in no other on the CPU.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="path">Path of the convolution.</param>
    /// <param name="inputs">The map, the weights and the bias if there is one.</param>
    /// <param name="kernel">Size of the kernel.</param>
    /// <param name="stride">Stride in both directions.</param>
    /// <param name="groups">Number of groups.</param>
    public OnnxValue Emit(OnnxGraph graph, string path, IReadOnlyList<OnnxValue> inputs, long kernel, int stride, int groups)
    {
        OnnxValue predicted = graph.ToFloat32(Layer.Emit(graph, inputs[0]));
        long points = kernel * kernel;
        using (graph.BeginScope($"{path}/{OnnxScope}"))
        {
            OnnxValue offsets = _hasMask ? graph.Slice(predicted, 1, 0, 2 * points) : predicted;
            OnnxValue mask = _hasMask ? graph.Sigmoid(graph.Slice(predicted, 1, 2 * points, 3 * points)) : OnnxValue.None;
            OnnxValue bias = inputs.Count > 2 ? graph.ToFloat32(inputs[2]) : OnnxValue.None;
            OnnxValue[] operands = [graph.ToFloat32(inputs[0]), graph.ToFloat32(inputs[1]), offsets, .. inputs.Count > 2 || _hasMask ? [bias] : Array.Empty<OnnxValue>(), .. _hasMask ? [mask] : Array.Empty<OnnxValue>()];
            return graph.ToNetworkType(graph.Node(
                "DeformConv",
                operands,
                ("kernel_shape", new[] { kernel, kernel }),
                ("group", groups),
                ("offset_group", 1),
                ("strides", new long[] { stride, stride }),
                ("pads", new[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 })));
        }
    }

    /// <summary>The last part of the names of the nodes that sample.</summary>
    internal const string OnnxScope = "deformable";
}
