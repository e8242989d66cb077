using FocalSharp.Torch.Onnx.Graph;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx.Decoding;

/// <summary>The outputs without selection: all locations of all levels, finest level first, row-major within a level.</summary>
internal static class DenseOutputs
{
    /// <summary>Emits the variant <c>raw</c>: the head's logits.</summary>
    public static void EmitRaw(OnnxGraph graph, OnnxPostprocessing tail)
    {
        using IDisposable scope = graph.BeginScope("raw");
        OnnxValue scores = graph.Concat(1, [.. tail.Levels.Select(level => level.Scores)]);
        OnnxValue logits = tail.ScoresAreProbabilities ? Logit(graph, scores) : scores;
        graph.Output("class_logits", logits, DataType.Float, "batch", "points", tail.Classes);
        graph.Output("distributions", Sides(graph, tail), DataType.Float, "batch", "points", 4 * (tail.RegMax + 1));
    }

    /// <summary>Emits the variant <c>candidates</c>: boxes, deviations and the probabilities of all classes.</summary>
    public static void EmitCandidates(OnnxGraph graph, OnnxPostprocessing tail)
    {
        using IDisposable scope = graph.BeginScope("candidates");
        OnnxValue scores = graph.Concat(1, [.. tail.Levels.Select(level => level.Scores)]);
        OnnxValue[] locations = [.. tail.Levels.Select(level => level.Locations(graph))];
        OnnxValue centers = graph.Concat(0, [.. tail.Levels.Zip(locations, (level, all) => level.Centers(graph, all))]);
        OnnxValue strides = graph.Concat(0, [.. tail.Levels.Zip(locations, (level, all) =>
            graph.Expand(graph.Constant(level.Stride), graph.Shape(all)))]);
        OnnxBoxes found = OnnxBoxes.Decode(
            graph, Sides(graph, tail), centers, graph.Unsqueeze(strides, 1), tail.Limits, tail.RegMax);

        graph.Output("boxes", found.Boxes, DataType.Float, "batch", "points", 4);
        OnnxValue probabilities = tail.ScoresAreProbabilities ? scores : graph.Sigmoid(scores);
        graph.Output("scores", probabilities, DataType.Float, "batch", "points", tail.Classes);
        graph.Output("deviations", found.Deviations, DataType.Float, "batch", "points", 4);
    }

    private static OnnxValue Sides(OnnxGraph graph, OnnxPostprocessing tail) => graph.Concat(1, [.. tail.Levels.Select(level => level.Sides)]);

    private static OnnxValue Logit(OnnxGraph graph, OnnxValue probability) =>
        graph.Sub(graph.Log(probability), graph.Log(graph.Sub(graph.Constant(1), probability)));
}
