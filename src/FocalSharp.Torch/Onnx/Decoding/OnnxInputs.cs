using FocalSharp.Torch.Onnx.Graph;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx.Decoding;

/// <summary>The inputs of the file and their preprocessing, as <c>GflDetector.Preprocess</c>.</summary>
/// <param name="Normalized">float32 <c>[B, 3, H, W]</c>, 0 outside each image's content.</param>
/// <param name="Limits">
/// Limits that boxes are clipped to, <c>width, height, width, height</c>: float32 <c>[rows, 1, 4]</c>.
/// </param>
internal sealed record OnnxInputs(OnnxValue Normalized, OnnxValue Limits)
{
    /// <summary>Images: uint8 <c>[batch, height, width, 3]</c>, RGB.</summary>
    public const string Images = "images";

    /// <summary>Height and width of each image's content; optional.</summary>
    public const string ContentSizes = "sizes";

    /// <summary>Larger than any image, and exact in float32.</summary>
    private const long Unlimited = 1 << 24;

    /// <summary>Declares the inputs of all variants and emits the preprocessing.</summary>
    public static OnnxInputs Emit(OnnxGraph graph, IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        OnnxValue images = graph.Input(Images, DataType.Uint8, "batch", "height", "width", 3);
        OnnxValue given = graph.OptionalInput(OnnxTensor.Create(ContentSizes, [Unlimited, Unlimited], 1, 2), "size_rows", 2);
        using IDisposable scope = graph.BeginScope("preprocess");
        OnnxValue size = graph.Sizes(images, 1, 3);
        OnnxValue sizes = graph.Min(given, size);
        OnnxValue pixels = graph.Cast(graph.Transpose(images, 0, 3, 1, 2), DataType.Float);
        OnnxValue centered = graph.Sub(pixels, graph.Constant([.. mean], 3, 1, 1));
        OnnxValue scaled = graph.Div(centered, graph.Constant([.. std], 3, 1, 1));

        OnnxValue rows = graph.Less(graph.Unsqueeze(Axis(images, 1), 0, 1, 3), graph.Unsqueeze(graph.Slice(sizes, 1, 0, 1), 1, 2));
        OnnxValue columns = graph.Less(graph.Unsqueeze(Axis(images, 2), 0, 1, 2), graph.Unsqueeze(graph.Slice(sizes, 1, 1, 2), 1, 2));
        OnnxValue normalized = graph.Where(graph.And(rows, columns), scaled, graph.Constant(0));

        OnnxValue corners = graph.Gather(sizes, graph.Integers(1, 0, 1, 0), axis: 1);
        return new OnnxInputs(normalized, graph.Unsqueeze(graph.Cast(corners, DataType.Float), 1));

        OnnxValue Axis(OnnxValue value, long axis) => graph.Range(graph.Size(value, axis));
    }
}
