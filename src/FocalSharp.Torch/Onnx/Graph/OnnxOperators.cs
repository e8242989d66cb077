using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>ONNX operators (opset 17) as methods. Binary ones broadcast; axes count from the end where negative.</summary>
internal static class OnnxOperators
{
    public static OnnxValue Add(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("Add", [a, b]);

    public static OnnxValue Sub(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("Sub", [a, b]);

    public static OnnxValue Mul(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("Mul", [a, b]);

    public static OnnxValue Div(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("Div", [a, b]);

    /// <summary>Remainder of integers.</summary>
    public static OnnxValue Mod(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("Mod", [a, b]);

    public static OnnxValue Min(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("Min", [a, b]);

    public static OnnxValue Max(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("Max", [a, b]);

    public static OnnxValue Less(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("Less", [a, b]);

    public static OnnxValue Greater(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("Greater", [a, b]);

    public static OnnxValue And(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("And", [a, b]);

    public static OnnxValue Where(this OnnxGraph graph, OnnxValue condition, OnnxValue yes, OnnxValue no) =>
        graph.Node("Where", [condition, yes, no]);

    public static OnnxValue Relu(this OnnxGraph graph, OnnxValue x) => graph.Node("Relu", [x]);

    public static OnnxValue Sigmoid(this OnnxGraph graph, OnnxValue x) => graph.Node("Sigmoid", [x]);

    public static OnnxValue Sqrt(this OnnxGraph graph, OnnxValue x) => graph.Node("Sqrt", [x]);

    public static OnnxValue Log(this OnnxGraph graph, OnnxValue x) => graph.Node("Log", [x]);

    public static OnnxValue MatMul(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Node("MatMul", [a, b]);

    public static OnnxValue Softmax(this OnnxGraph graph, OnnxValue x, long axis) =>
        graph.Node("Softmax", [x], OnnxAttribute.Create("axis", axis));

    public static OnnxValue ReduceSum(this OnnxGraph graph, OnnxValue x, long axis, bool keep) =>
        graph.Node("ReduceSum", [x, graph.Integers(axis)], OnnxAttribute.Create("keepdims", keep ? 1 : 0));

    public static OnnxValue ReduceMean(this OnnxGraph graph, OnnxValue x, long axis, bool keep) =>
        graph.Node("ReduceMean", [x], OnnxAttribute.Create("axes", [axis]), OnnxAttribute.Create("keepdims", keep ? 1 : 0));

    public static OnnxValue ReduceMin(this OnnxGraph graph, OnnxValue x, bool keep, params long[] axes) =>
        graph.Node("ReduceMin", [x], OnnxAttribute.Create("axes", axes), OnnxAttribute.Create("keepdims", keep ? 1 : 0));

    public static OnnxValue ReduceMax(this OnnxGraph graph, OnnxValue x, bool keep, params long[] axes) =>
        graph.Node("ReduceMax", [x], OnnxAttribute.Create("axes", axes), OnnxAttribute.Create("keepdims", keep ? 1 : 0));

    /// <summary>Converts to another element type.</summary>
    public static OnnxValue Cast(this OnnxGraph graph, OnnxValue x, DataType type) =>
        graph.Node("Cast", [x], OnnxAttribute.Create("to", (long)type));

    /// <summary>Converts float32 to the network's type, where that is another.</summary>
    public static OnnxValue ToNetworkType(this OnnxGraph graph, OnnxValue x) =>
        graph.NetworkType == DataType.Float ? x : graph.Cast(x, graph.NetworkType);

    /// <summary>Converts the network's type to float32, where it is another.</summary>
    public static OnnxValue ToFloat(this OnnxGraph graph, OnnxValue x) =>
        graph.NetworkType == DataType.Float ? x : graph.Cast(x, DataType.Float);

    public static OnnxValue Concat(this OnnxGraph graph, long axis, params IReadOnlyList<OnnxValue> parts) =>
        parts.Count == 1 ? parts[0] : graph.Node("Concat", parts, OnnxAttribute.Create("axis", axis));

    public static OnnxValue Transpose(this OnnxGraph graph, OnnxValue x, params long[] order) =>
        graph.Node("Transpose", [x], OnnxAttribute.Create("perm", order));

    /// <summary>A new shape; 0 keeps a size, −1 is what remains.</summary>
    public static OnnxValue Reshape(this OnnxGraph graph, OnnxValue x, params long[] shape) =>
        graph.Node("Reshape", [x, graph.Integers(shape)]);

    /// <summary>A new shape that another value holds.</summary>
    public static OnnxValue ReshapeTo(this OnnxGraph graph, OnnxValue x, OnnxValue shape) => graph.Node("Reshape", [x, shape]);

    public static OnnxValue Unsqueeze(this OnnxGraph graph, OnnxValue x, params long[] axes) =>
        graph.Node("Unsqueeze", [x, graph.Integers(axes)]);

    public static OnnxValue Squeeze(this OnnxGraph graph, OnnxValue x, params long[] axes) =>
        graph.Node("Squeeze", [x, graph.Integers(axes)]);

    public static OnnxValue Expand(this OnnxGraph graph, OnnxValue x, OnnxValue shape) => graph.Node("Expand", [x, shape]);

    /// <summary>The entries from <paramref name="start"/> to before <paramref name="end"/> on one axis.</summary>
    public static OnnxValue Slice(this OnnxGraph graph, OnnxValue x, long axis, long start, long end) =>
        graph.Node("Slice", [x, graph.Integers(start), graph.Integers(end), graph.Integers(axis)]);

    /// <summary>The sizes of all dimensions.</summary>
    public static OnnxValue Shape(this OnnxGraph graph, OnnxValue x) => graph.Node("Shape", [x]);

    /// <summary>The sizes of the dimensions from <paramref name="start"/> to before <paramref name="end"/>, as a list.</summary>
    public static OnnxValue Sizes(this OnnxGraph graph, OnnxValue x, long start, long end) =>
        graph.Node("Shape", [x], OnnxAttribute.Create("start", start), OnnxAttribute.Create("end", end));

    /// <summary>The size of one dimension, as a number.</summary>
    public static OnnxValue Size(this OnnxGraph graph, OnnxValue x, long axis) => graph.Squeeze(graph.Sizes(x, axis, axis + 1), 0);

    /// <summary>int64 numbers 0, 1, …, before the limit.</summary>
    public static OnnxValue Range(this OnnxGraph graph, OnnxValue limit) => graph.Node("Range", [graph.Integer(0), limit, graph.Integer(1)]);

    public static OnnxValue Gather(this OnnxGraph graph, OnnxValue x, OnnxValue indices, long axis) =>
        graph.Node("Gather", [x, indices], OnnxAttribute.Create("axis", axis));

    /// <summary>Of each batch entry the rows with the given numbers: <c>[B, N, …]</c> and <c>[B, K]</c> to <c>[B, K, …]</c>.</summary>
    public static OnnxValue GatherRows(this OnnxGraph graph, OnnxValue x, OnnxValue rows) =>
        graph.Node("GatherND", [x, graph.Unsqueeze(rows, -1)], OnnxAttribute.Create("batch_dims", 1));

    /// <summary>The highest values of an axis, highest first, the lower index first among equals, with their indices.</summary>
    public static (OnnxValue Values, OnnxValue Indices) TopK(this OnnxGraph graph, OnnxValue x, OnnxValue count, long axis)
    {
        OnnxValue[] outputs = graph.Node("TopK", outputs: 2, [x, count], OnnxAttribute.Create("axis", axis));
        return (outputs[0], outputs[1]);
    }
}
