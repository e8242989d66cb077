using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx.Graph;

/// <content>ONNX operators (opset 17 to 19) as methods. Binary operators broadcast; negative axes count from the end.</content>
public sealed partial class OnnxGraph
{
    /// <summary>Adds two values.</summary>
    public OnnxValue Add(OnnxValue a, OnnxValue b) => Node("Add", [a, b]);

    /// <summary>Subtracts the second value from the first.</summary>
    public OnnxValue Sub(OnnxValue a, OnnxValue b) => Node("Sub", [a, b]);

    /// <summary>Multiplies two values.</summary>
    public OnnxValue Mul(OnnxValue a, OnnxValue b) => Node("Mul", [a, b]);

    /// <summary>Divides the first value by the second.</summary>
    public OnnxValue Div(OnnxValue a, OnnxValue b) => Node("Div", [a, b]);

    /// <summary>Computes the element-wise minimum.</summary>
    public OnnxValue Min(OnnxValue a, OnnxValue b) => Node("Min", [a, b]);

    /// <summary>Computes the element-wise maximum.</summary>
    public OnnxValue Max(OnnxValue a, OnnxValue b) => Node("Max", [a, b]);

    /// <summary>Multiplies matrices, as <c>torch.matmul</c>.</summary>
    public OnnxValue MatMul(OnnxValue a, OnnxValue b) => Node("MatMul", [a, b]);

    /// <summary>Computes ReLU, or LeakyReLU with a slope below 0.</summary>
    public OnnxValue Relu(OnnxValue x, double negativeSlope = 0) =>
        negativeSlope == 0 ? Node("Relu", [x]) : Node("LeakyRelu", [x], ("alpha", (float)negativeSlope));

    /// <summary>Computes hard-swish, <c>x · clip(x + 3, 0, 6) / 6</c>.</summary>
    public OnnxValue HardSwish(OnnxValue x) => Node("HardSwish", [x]);

    /// <summary>Computes ReLU6, <c>clip(x, 0, 6)</c>, in the network's type.</summary>
    internal OnnxValue Relu6(OnnxValue x) => Node("Clip", [x, Weight("relu6.min", [0]), Weight("relu6.max", [6])]);

    /// <summary>Computes the hard sigmoid of hard-swish, <c>clip(x / 6 + 1/2, 0, 1)</c>.</summary>
    public OnnxValue HardSigmoid(OnnxValue x) => Node("HardSigmoid", [x], ("alpha", 1f / 6), ("beta", 0.5f));

    /// <summary>Computes the mean over height and width, <c>[B, C, 1, 1]</c>.</summary>
    public OnnxValue GlobalAveragePool(OnnxValue x) => Node("GlobalAveragePool", [x]);

    /// <summary>Computes the logistic sigmoid.</summary>
    public OnnxValue Sigmoid(OnnxValue x) => Node("Sigmoid", [x]);

    /// <summary>Computes the square root.</summary>
    public OnnxValue Sqrt(OnnxValue x) => Node("Sqrt", [x]);

    /// <summary>Computes the natural logarithm.</summary>
    public OnnxValue Log(OnnxValue x) => Node("Log", [x]);

    /// <summary>Computes the softmax over an axis.</summary>
    public OnnxValue Softmax(OnnxValue x, long axis) => Node("Softmax", [x], ("axis", axis));

    /// <summary>Computes the sum over an axis.</summary>
    public OnnxValue ReduceSum(OnnxValue x, long axis, bool keepDims) => Node("ReduceSum", [x, Integers(axis)], ("keepdims", keepDims ? 1 : 0));

    /// <summary>Computes the mean over an axis.</summary>
    public OnnxValue ReduceMean(OnnxValue x, long axis, bool keepDims) =>
        Reduce("ReduceMean", x, keepDims, axis);

    /// <summary>Concatenates values along an axis.</summary>
    public OnnxValue Concat(long axis, params IReadOnlyList<OnnxValue> parts) => parts.Count == 1 ? parts[0] : Node("Concat", parts, ("axis", axis));

    /// <summary>Permutes the dimensions.</summary>
    public OnnxValue Transpose(OnnxValue x, params long[] order) => Node("Transpose", [x], ("perm", order));

    /// <summary>Changes the shape; 0 retains a size, −1 stands for the remaining elements.</summary>
    public OnnxValue Reshape(OnnxValue x, params long[] shape) => Node("Reshape", [x, Integers(shape)]);

    /// <summary>Inserts dimensions of size 1 at the given axes.</summary>
    public OnnxValue Unsqueeze(OnnxValue x, params long[] axes) => Node("Unsqueeze", [x, Integers(axes)]);

    /// <summary>Removes the dimensions of size 1 at the given axes.</summary>
    public OnnxValue Squeeze(OnnxValue x, params long[] axes) => Node("Squeeze", [x, Integers(axes)]);

    /// <summary>Selects the entries from <paramref name="start"/> to before <paramref name="end"/> on an axis.</summary>
    public OnnxValue Slice(OnnxValue x, long axis, long start, long end) => Node("Slice", [x, Integers(start), Integers(end), Integers(axis)]);

    /// <summary>Computes a square max pool.</summary>
    public OnnxValue MaxPool(OnnxValue x, long kernel, long stride, long padding) => Node(
        "MaxPool",
        [x],
        ("kernel_shape", new[] { kernel, kernel }),
        ("strides", new[] { stride, stride }),
        ("pads", new[] { padding, padding, padding, padding }));

    /// <summary>
    /// Resizes by nearest neighbor to the size of another value with the same channels, as torch's <c>interpolate</c>.
    /// </summary>
    public OnnxValue UpsampleNearest(OnnxValue x, OnnxValue like) => Node(
        "Resize",
        [x, OnnxValue.None, OnnxValue.None, Shape(like)],
        ("mode", "nearest"),
        ("coordinate_transformation_mode", "asymmetric"),
        ("nearest_mode", "floor"));

    /// <summary>
    /// Resizes bilinearly to the size of another value with the same channels, as torch's <c>interpolate</c> with
    /// <c>align_corners=False</c>.
    /// </summary>
    public OnnxValue ResizeBilinear(OnnxValue x, OnnxValue like) => Node(
        "Resize", [x, OnnxValue.None, OnnxValue.None, Shape(like)], ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));

    /// <summary>Returns the sizes of all dimensions, int64 <c>[rank]</c>.</summary>
    public OnnxValue Shape(OnnxValue x) => Node("Shape", [x]);

    /// <summary>Converts float32 to the network's type, float32 or float16.</summary>
    public OnnxValue ToNetworkType(OnnxValue x) => NetworkType == DataType.Float ? x : Cast(x, NetworkType);

    /// <summary>Converts the network's type to float32.</summary>
    public OnnxValue ToFloat32(OnnxValue x) => NetworkType == DataType.Float ? x : Cast(x, DataType.Float);

    /// <summary>Computes the remainder of integers.</summary>
    internal OnnxValue Mod(OnnxValue a, OnnxValue b) => Node("Mod", [a, b]);

    internal OnnxValue Less(OnnxValue a, OnnxValue b) => Node("Less", [a, b]);

    internal OnnxValue Greater(OnnxValue a, OnnxValue b) => Node("Greater", [a, b]);

    internal OnnxValue And(OnnxValue a, OnnxValue b) => Node("And", [a, b]);

    internal OnnxValue Where(OnnxValue condition, OnnxValue yes, OnnxValue no) => Node("Where", [condition, yes, no]);

    internal OnnxValue ReduceMin(OnnxValue x, bool keepDims, params long[] axes) => Reduce("ReduceMin", x, keepDims, axes);

    internal OnnxValue ReduceMax(OnnxValue x, bool keepDims, params long[] axes) => Reduce("ReduceMax", x, keepDims, axes);

    // Opset 18 made the axes an input.
    private OnnxValue Reduce(string operation, OnnxValue x, bool keepDims, params long[] axes) => _operatorSet < 18
        ? Node(operation, [x], ("axes", axes), ("keepdims", keepDims ? 1 : 0))
        : Node(operation, [x, Integers(axes)], ("keepdims", keepDims ? 1 : 0));

    /// <summary>Converts to another element type.</summary>
    internal OnnxValue Cast(OnnxValue x, DataType type) => Node("Cast", [x], ("to", (long)type));

    /// <summary>Changes the shape to one that is computed in the graph.</summary>
    internal OnnxValue ReshapeTo(OnnxValue x, OnnxValue shape) => Node("Reshape", [x, shape]);

    internal OnnxValue Expand(OnnxValue x, OnnxValue shape) => Node("Expand", [x, shape]);

    /// <summary>
    /// Returns the sizes of the dimensions from <paramref name="start"/> to before <paramref name="end"/>, as a list.
    /// </summary>
    internal OnnxValue Sizes(OnnxValue x, long start, long end) => Node("Shape", [x], ("start", start), ("end", end));

    /// <summary>Returns the size of one dimension, as a scalar.</summary>
    internal OnnxValue Size(OnnxValue x, long axis) => Squeeze(Sizes(x, axis, axis + 1), 0);

    /// <summary>Returns the int64 numbers from 0 to before the limit.</summary>
    internal OnnxValue Range(OnnxValue limit) => Node("Range", [Integer(0), limit, Integer(1)]);

    internal OnnxValue Gather(OnnxValue x, OnnxValue indices, long axis) => Node("Gather", [x, indices], ("axis", axis));

    /// <summary>Selects rows of each batch entry: <c>[B, N, …]</c> and indices <c>[B, K]</c> to <c>[B, K, …]</c>.</summary>
    internal OnnxValue GatherRows(OnnxValue x, OnnxValue rows) => Node("GatherND", [x, Unsqueeze(rows, -1)], ("batch_dims", 1));

    /// <summary>Returns the highest values of an axis, highest first, equal ones by lower index, with their indices.</summary>
    internal (OnnxValue Values, OnnxValue Indices) TopK(OnnxValue x, OnnxValue count, long axis)
    {
        OnnxValue[] outputs = Node("TopK", outputs: 2, [x, count], ("axis", axis));
        return (outputs[0], outputs[1]);
    }
}
