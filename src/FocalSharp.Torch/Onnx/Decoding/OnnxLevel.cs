using FocalSharp.Torch.Onnx.Graph;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx.Decoding;

/// <summary>One level's maps as lists of locations, row-major, with the locations' centers.</summary>
/// <param name="Scores"><c>[B, H·W, C]</c>.</param>
/// <param name="Sides"><c>[B, H·W, 4·(n+1)]</c>.</param>
/// <param name="Width">Number of locations in a row, computed in the graph.</param>
/// <param name="Stride">Pixels between locations.</param>
/// <param name="CenterOffset">Position of a center in its cell, in strides.</param>
internal sealed record OnnxLevel(OnnxValue Scores, OnnxValue Sides, OnnxValue Width, int Stride, float CenterOffset)
{
    /// <summary>Lays the maps out by location.</summary>
    public static OnnxLevel Create(
        OnnxGraph graph, OnnxValue scores, OnnxValue sides, int stride, float centerOffset, int classes, int sideChannels) => new(
        graph.Reshape(graph.Transpose(scores, 0, 2, 3, 1), 0, -1, classes),
        graph.Reshape(graph.Transpose(sides, 0, 2, 3, 1), 0, -1, sideChannels),
        graph.Size(scores, 3),
        stride,
        centerOffset);

    /// <summary>Returns the indices of all locations, <c>[H·W]</c>.</summary>
    public OnnxValue Locations(OnnxGraph graph) => graph.Range(graph.Size(Scores, 1));

    /// <summary>Returns centers <c>[…, 2]</c> (x, y), in pixels, of locations by index.</summary>
    public OnnxValue Centers(OnnxGraph graph, OnnxValue locations) => graph.Concat(
        -1, Coordinate(graph, graph.Mod(locations, Width)), Coordinate(graph, graph.Div(locations, Width)));

    private OnnxValue Coordinate(OnnxGraph graph, OnnxValue cell)
    {
        OnnxValue pixels = graph.Mul(graph.Cast(cell, DataType.Float), graph.Constant(Stride));
        return graph.Unsqueeze(CenterOffset == 0 ? pixels : graph.Add(pixels, graph.Constant(CenterOffset * Stride)), -1);
    }
}
