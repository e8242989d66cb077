using FocalSharp.Torch.Onnx.Graph;

namespace FocalSharp.Torch.Onnx.Decoding;

/// <summary>
/// Boxes and the deviations of their sides, as <see cref="FocalSharp.Detections.DetectionDecoder"/> computes them.
/// </summary>
/// <param name="Boxes"><c>[B, N, 4]</c>, xyxy, in pixels of the input, clipped to the image's content.</param>
/// <param name="Deviations"><c>[B, N, 4]</c>, standard deviation of each side, in pixels of the input.</param>
internal sealed record OnnxBoxes(OnnxValue Boxes, OnnxValue Deviations)
{
    /// <summary>Emits the expectation (paper, eq. 4) and the standard deviation of the sides.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="sides">Logits <c>[B, N, 4·(n+1)]</c>.</param>
    /// <param name="centers"><c>[N, 2]</c> or <c>[B, N, 2]</c>, in pixels.</param>
    /// <param name="strides"><c>[N, 1]</c>.</param>
    /// <param name="limits">Limits that boxes are clipped to, <c>[rows, 1, 4]</c>.</param>
    /// <param name="regMax">Highest bin n.</param>
    public static OnnxBoxes Decode(
        OnnxGraph graph, OnnxValue sides, OnnxValue centers, OnnxValue strides, OnnxValue limits, int regMax)
    {
        int bins = regMax + 1;
        float[] places = [.. Enumerable.Range(0, bins).Select(i => (float)i)];
        OnnxValue probabilities = graph.Softmax(graph.Reshape(sides, 0, -1, 4, bins), -1);
        OnnxValue mean = graph.MatMul(probabilities, graph.Constant(places, bins, 1));
        OnnxValue distance = graph.Mul(graph.Squeeze(mean, -1), strides);

        OnnxValue away = graph.Sub(graph.Constant(places, bins), mean);
        OnnxValue variance = graph.ReduceSum(graph.Mul(probabilities, graph.Mul(away, away)), -1, keepDims: false);
        OnnxValue deviations = graph.Mul(graph.Sqrt(variance), strides);

        OnnxValue nearCorner = graph.Sub(centers, graph.Slice(distance, -1, 0, 2));
        OnnxValue farCorner = graph.Add(centers, graph.Slice(distance, -1, 2, 4));
        OnnxValue cut = graph.Max(graph.Min(graph.Concat(-1, nearCorner, farCorner), limits), graph.Constant(0));
        return new OnnxBoxes(cut, deviations);
    }
}
