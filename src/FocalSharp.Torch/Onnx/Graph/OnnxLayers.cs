using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>The layers that networks are made of, with their weights.</summary>
internal static class OnnxLayers
{
    /// <summary>A convolution; a batch norm behind it is folded into its weights.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layer">The convolution.</param>
    /// <param name="x">Features <c>[B, in, H, W]</c>.</param>
    /// <param name="norm">The batch norm that follows, or null.</param>
    /// <param name="outputs">Output channels to keep, from the first on; null for all.</param>
    public static OnnxValue Conv(this OnnxGraph graph, ConvLayer layer, OnnxValue x, BatchNorm2d? norm = null, int? outputs = null)
    {
        FoldedConv folded = FoldedConv.Of(layer, norm);
        string path = graph.PathOf(layer);
        int kept = outputs ?? folded.Outputs;
        long kernel = folded.Shape[2];
        OnnxValue weight = graph.Weight(
            $"{path}.weight", folded.Weight.AsSpan(0, folded.Weight.Length / folded.Outputs * kept), kept, folded.Shape[1], kernel, kernel);
        OnnxValue[] inputs = folded.Bias is { } bias ? [x, weight, graph.Weight($"{path}.bias", bias.AsSpan(0, kept), kept)] : [x, weight];
        using (graph.In(path))
        {
            return graph.Node(
                "Conv",
                inputs,
                OnnxAttribute.Of("kernel_shape", kernel, kernel),
                OnnxAttribute.Of("group", layer.Depthwise ? folded.Outputs : 1),
                OnnxAttribute.Of("strides", layer.Stride, layer.Stride),
                OnnxAttribute.Of("pads", kernel / 2, kernel / 2, kernel / 2, kernel / 2));
        }
    }

    /// <summary>A convolution with whatever norm follows it, or none.</summary>
    public static OnnxValue NormedConv(this OnnxGraph graph, ConvLayer layer, nn.Module? norm, OnnxValue x) => norm is GroupNorm group
        ? graph.GroupNorm(group, graph.Conv(layer, x))
        : graph.Conv(layer, x, norm as BatchNorm2d);

    /// <summary>
    /// A group norm, by the instance norm of its groups, which every opset has: <c>[B, C, H, W]</c> is seen as <c>[B, groups, rest]</c>.
    /// </summary>
    public static OnnxValue GroupNorm(this OnnxGraph graph, GroupNorm layer, OnnxValue x)
    {
        string path = graph.PathOf(layer);
        int groups = (int)layer.num_groups;
        float[] scale = Numbers(layer.weight!);
        float[] shift = Numbers(layer.bias!);
        using (graph.In(path))
        {
            float[] ones = new float[groups];
            Array.Fill(ones, 1f);
            OnnxValue grouped = graph.Node(
                "InstanceNormalization",
                [graph.Reshape(x, 0, groups, -1), graph.Weight($"ones.{groups}", ones, groups), graph.Weight($"zeros.{groups}", new float[groups], groups)],
                OnnxAttribute.Of("epsilon", (float)layer.eps));
            OnnxValue whole = graph.ReshapeTo(grouped, graph.Shape(x));
            OnnxValue scaled = graph.Mul(whole, graph.Weight($"{path}.weight", scale, scale.Length, 1, 1));
            return graph.Add(scaled, graph.Weight($"{path}.bias", shift, shift.Length, 1, 1));
        }
    }

    /// <summary>A 1x1 convolution over features laid out by location, <c>[B, N, in]</c> to <c>[B, N, out]</c>, in float32.</summary>
    public static OnnxValue Linear(this OnnxGraph graph, ConvLayer layer, OnnxValue x)
    {
        string path = graph.PathOf(layer);
        float[] weight = Numbers(layer.Weight);
        (long outputs, long inputs) = (layer.Weight.shape[0], layer.Weight.shape[1]);
        float[] transposed = new float[weight.Length];
        for (long i = 0; i < weight.Length; i++)
        {
            transposed[(i % inputs * outputs) + (i / inputs)] = weight[i];
        }

        using (graph.In(path))
        {
            OnnxValue product = graph.MatMul(x, graph.FloatWeight($"{path}.weight", transposed, inputs, outputs));
            return layer.Bias is { } bias ? graph.Add(product, graph.FloatWeight($"{path}.bias", Numbers(bias), outputs)) : product;
        }
    }

    /// <summary>Modules one after the other, each writing itself.</summary>
    public static OnnxValue Chain(this OnnxGraph graph, IEnumerable<nn.Module> modules, OnnxValue x) =>
        modules.Aggregate(x, (value, module) => graph.Emit((IOnnxModule<OnnxValue, OnnxValue>)module, value));

    /// <summary>A square maximum pooling.</summary>
    public static OnnxValue MaxPool(this OnnxGraph graph, OnnxValue x, long kernel, long stride, long padding) => graph.Node(
        "MaxPool",
        [x],
        OnnxAttribute.Of("kernel_shape", kernel, kernel),
        OnnxAttribute.Of("strides", stride, stride),
        OnnxAttribute.Of("pads", padding, padding, padding, padding));

    /// <summary>Nearest neighbours, as torch's <c>interpolate</c> to the size of other features with the same channels.</summary>
    public static OnnxValue UpsampleNearest(this OnnxGraph graph, OnnxValue x, OnnxValue like) => graph.Node(
        "Resize",
        [x, OnnxValue.None, OnnxValue.None, graph.Shape(like)],
        OnnxAttribute.Of("mode", "nearest"),
        OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"),
        OnnxAttribute.Of("nearest_mode", "floor"));

    /// <summary>Bilinear interpolation between pixels' centres, as torch's <c>interpolate</c> without aligned corners.</summary>
    public static OnnxValue ResizeBilinear(this OnnxGraph graph, OnnxValue x, OnnxValue like) => graph.Node(
        "Resize",
        [x, OnnxValue.None, OnnxValue.None, graph.Shape(like)],
        OnnxAttribute.Of("mode", "linear"),
        OnnxAttribute.Of("coordinate_transformation_mode", "half_pixel"));

    /// <summary>ReLU, or with a slope below 0 LeakyReLU.</summary>
    public static OnnxValue Activation(this OnnxGraph graph, OnnxValue x, double negativeSlope) => negativeSlope == 0
        ? graph.Relu(x)
        : graph.Node("LeakyRelu", [x], OnnxAttribute.Of("alpha", (float)negativeSlope));

    /// <summary>A parameter's numbers.</summary>
    public static float[] Numbers(Tensor tensor)
    {
        StateTensor state = TensorConversion.ToState(tensor);
        return state.Type == ElementType.F32 ? state.Span<float>().ToArray() : [.. state.ToDoubles().Select(value => (float)value)];
    }
}
