using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Modeling.Layers;
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
        FoldedConv folded = FoldedConv.Create(layer, norm);
        string path = graph.PathOf(layer);
        int retained = outputs ?? folded.Outputs;
        long kernel = folded.Shape[2];
        OnnxValue weight = graph.Weight(
            $"{path}.weight", folded.Weight.AsSpan(0, folded.Weight.Length / folded.Outputs * retained), retained, folded.Shape[1], kernel, kernel);
        OnnxValue[] inputs = folded.Bias is { } bias ? [x, weight, graph.Weight($"{path}.bias", bias.AsSpan(0, retained), retained)] : [x, weight];
        using (graph.BeginScope(path))
        {
            return graph.Node(
                "Conv",
                inputs,
                OnnxAttribute.Create("kernel_shape", kernel, kernel),
                OnnxAttribute.Create("group", layer.Depthwise ? folded.Outputs : 1),
                OnnxAttribute.Create("strides", layer.Stride, layer.Stride),
                OnnxAttribute.Create("pads", kernel / 2, kernel / 2, kernel / 2, kernel / 2));
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
        float[] scale = ToFloatArray(layer.weight!);
        float[] shift = ToFloatArray(layer.bias!);
        using (graph.BeginScope(path))
        {
            float[] ones = new float[groups];
            Array.Fill(ones, 1f);
            OnnxValue grouped = graph.Node(
                "InstanceNormalization",
                [graph.Reshape(x, 0, groups, -1), graph.Weight($"ones.{groups}", ones, groups), graph.Weight($"zeros.{groups}", new float[groups], groups)],
                OnnxAttribute.Create("epsilon", (float)layer.eps));
            OnnxValue whole = graph.ReshapeTo(grouped, graph.Shape(x));
            OnnxValue scaled = graph.Mul(whole, graph.Weight($"{path}.weight", scale, scale.Length, 1, 1));
            return graph.Add(scaled, graph.Weight($"{path}.bias", shift, shift.Length, 1, 1));
        }
    }

    /// <summary>A 1x1 convolution over features laid out by location, <c>[B, N, in]</c> to <c>[B, N, out]</c>, in float32.</summary>
    public static OnnxValue Linear(this OnnxGraph graph, ConvLayer layer, OnnxValue x)
    {
        string path = graph.PathOf(layer);
        float[] weight = ToFloatArray(layer.Weight);
        (long outputs, long inputs) = (layer.Weight.shape[0], layer.Weight.shape[1]);
        float[] transposed = new float[weight.Length];
        for (long i = 0; i < weight.Length; i++)
        {
            transposed[(i % inputs * outputs) + (i / inputs)] = weight[i];
        }

        using (graph.BeginScope(path))
        {
            OnnxValue product = graph.MatMul(x, graph.Float32Weight($"{path}.weight", transposed, inputs, outputs));
            return layer.Bias is { } bias ? graph.Add(product, graph.Float32Weight($"{path}.bias", ToFloatArray(bias), outputs)) : product;
        }
    }

    /// <summary>Modules one after the other, each writing itself.</summary>
    public static OnnxValue Chain(this OnnxGraph graph, IEnumerable<nn.Module> modules, OnnxValue x) =>
        modules.Aggregate(x, (value, module) => graph.Emit((IOnnxModule<OnnxValue, OnnxValue>)module, value));

    /// <summary>A square maximum pooling.</summary>
    public static OnnxValue MaxPool(this OnnxGraph graph, OnnxValue x, long kernel, long stride, long padding) => graph.Node(
        "MaxPool",
        [x],
        OnnxAttribute.Create("kernel_shape", kernel, kernel),
        OnnxAttribute.Create("strides", stride, stride),
        OnnxAttribute.Create("pads", padding, padding, padding, padding));

    /// <summary>Nearest neighbours, as torch's <c>interpolate</c> to the size of other features with the same channels.</summary>
    public static OnnxValue UpsampleNearest(this OnnxGraph graph, OnnxValue x, OnnxValue like) => graph.Node(
        "Resize",
        [x, OnnxValue.None, OnnxValue.None, graph.Shape(like)],
        OnnxAttribute.Create("mode", "nearest"),
        OnnxAttribute.Create("coordinate_transformation_mode", "asymmetric"),
        OnnxAttribute.Create("nearest_mode", "floor"));

    /// <summary>Bilinear interpolation between pixels' centres, as torch's <c>interpolate</c> without aligned corners.</summary>
    public static OnnxValue ResizeBilinear(this OnnxGraph graph, OnnxValue x, OnnxValue like) => graph.Node(
        "Resize",
        [x, OnnxValue.None, OnnxValue.None, graph.Shape(like)],
        OnnxAttribute.Create("mode", "linear"),
        OnnxAttribute.Create("coordinate_transformation_mode", "half_pixel"));

    /// <summary>ReLU, or with a slope below 0 LeakyReLU.</summary>
    public static OnnxValue Activation(this OnnxGraph graph, OnnxValue x, double negativeSlope) => negativeSlope == 0
        ? graph.Relu(x)
        : graph.Node("LeakyRelu", [x], OnnxAttribute.Create("alpha", (float)negativeSlope));

    /// <summary>A parameter's numbers.</summary>
    public static float[] ToFloatArray(Tensor tensor)
    {
        StateTensor state = TensorConversion.ToState(tensor);
        return state.Type == ElementType.F32 ? state.Span<float>().ToArray() : [.. state.ToDoubles().Select(value => (float)value)];
    }
}
