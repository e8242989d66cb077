using FocalSharp.Torch.Onnx.Graph;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx.Decoding;

/// <summary>
/// The variant <c>detections</c>, in the steps of <see cref="FocalSharp.Detections.DetectionDecoder"/>: the best (location,
/// class) pairs of each level are decoded, those above the threshold with a positive area are sorted by score, class-wise NMS
/// over all levels selects the final detections, and rows are padded with zeros.
/// </summary>
internal static class OnnxDetectionOutputs
{
    private const float SuppressedScore = -1;

    /// <summary>Declares the thresholds and emits the outputs.</summary>
    public static void Emit(OnnxGraph graph, OnnxPostprocessing tail)
    {
        OnnxValue threshold = graph.OptionalInput(
            OnnxTensor.Create("score_threshold", DataType.Float, [(float)tail.Defaults.ScoreThreshold]));
        OnnxValue overlap = graph.OptionalInput(OnnxTensor.Create("iou_threshold", DataType.Float, [(float)tail.Defaults.NmsThreshold]));
        OnnxValue max = graph.OptionalInput(OnnxTensor.Create("max_detections", [(long)tail.Defaults.MaxDetections]));
        using IDisposable scope = graph.BeginScope("select");
        TopKPairs[] best = [.. tail.Levels.Select(level => SelectTopK(graph, level, tail))];
        OnnxValue values = graph.Concat(1, [.. best.Select(pairs => pairs.Scores)]);
        OnnxValue labels = graph.Concat(1, [.. best.Select(pairs => pairs.Labels)]);
        OnnxBoxes found = OnnxBoxes.Decode(
            graph,
            graph.Concat(1, [.. best.Select(pairs => pairs.Sides)]),
            graph.Concat(1, [.. best.Select(pairs => pairs.Centers)]),
            graph.Unsqueeze(graph.Concat(0, [.. best.Select(pairs => pairs.Strides)]), 1),
            tail.Limits,
            tail.RegMax);
        OnnxValue scores = tail.ScoresAreProbabilities ? values : graph.Sigmoid(values);
        OnnxValue passed = graph.And(HasArea(graph, found.Boxes), graph.Greater(scores, graph.Max(threshold, graph.Constant(0))));
        OnnxValue ranks = graph.Where(passed, scores, graph.Constant(SuppressedScore));
        OnnxValue limit = graph.Unsqueeze(graph.Max(max, graph.Integer(0)), 0);
        OnnxValue retained = Suppress(graph, ranks, labels, passed, found.Boxes, overlap, limit);
        Write(graph, retained, labels, found, limit);
    }

    /// <summary>Selects the best pairs of one level, highest first, equal ones by location, then class.</summary>
    private static TopKPairs SelectTopK(OnnxGraph graph, OnnxLevel level, OnnxPostprocessing tail)
    {
        OnnxValue all = graph.Reshape(level.Scores, 0, -1);
        OnnxValue count = graph.Min(graph.Sizes(all, 1, 2), graph.Integers(tail.Defaults.MaxPerLevel));
        (OnnxValue scores, OnnxValue pairs) = graph.TopK(all, count, 1);
        OnnxValue locations = graph.Div(pairs, graph.Integer(tail.Classes));
        return new TopKPairs(
            scores,
            graph.Mod(pairs, graph.Integer(tail.Classes)),
            graph.GatherRows(level.Sides, locations),
            level.Centers(graph, locations),
            graph.Expand(graph.Constant(level.Stride), count));
    }

    private static OnnxValue HasArea(OnnxGraph graph, OnnxValue boxes)
    {
        OnnxValue extent = graph.Sub(graph.Slice(boxes, -1, 2, 4), graph.Slice(boxes, -1, 0, 2));
        return graph.Greater(graph.ReduceMin(extent, keepDims: false, -1), graph.Constant(0));
    }

    /// <summary>
    /// Emits NMS over boxes shifted by an offset per class, which the official code (and <c>Nms</c>) adds with rounding; returns
    /// the scores, with suppressed ones below all others.
    /// </summary>
    private static OnnxValue Suppress(
        OnnxGraph graph, OnnxValue ranks, OnnxValue labels, OnnxValue passed, OnnxValue boxes, OnnxValue overlap, OnnxValue max)
    {
        OnnxValue counted = graph.Where(graph.Unsqueeze(passed, -1), boxes, graph.Constant(0));
        OnnxValue unit = graph.Add(graph.ReduceMax(counted, keepDims: true, 1, 2), graph.Constant(1));
        OnnxValue offset = graph.Mul(graph.Unsqueeze(graph.Cast(labels, DataType.Float), -1), unit);
        OnnxValue selected = graph.Node(
            "NonMaxSuppression", [graph.Add(boxes, offset), graph.Unsqueeze(ranks, 1), max, overlap, graph.Constant(0)]);

        // Rows of (image, 0, candidate); written back into place, their order does not matter.
        OnnxValue places = graph.Gather(selected, graph.Integers(0, 2), axis: 1);
        OnnxValue nothing = graph.Expand(graph.Constant(SuppressedScore), graph.Shape(ranks));
        return graph.Node("ScatterND", [nothing, places, graph.Node("GatherND", [ranks, places])]);
    }

    private static void Write(OnnxGraph graph, OnnxValue retained, OnnxValue labels, OnnxBoxes found, OnnxValue max)
    {
        OnnxValue count = graph.Min(max, graph.Sizes(retained, 1, 2));
        OnnxValue missing = graph.Sub(max, count);
        (OnnxValue scores, OnnxValue rows) = graph.TopK(retained, count, 1);
        OnnxValue real = graph.Greater(scores, graph.Constant(0));
        OnnxValue deep = graph.Unsqueeze(real, -1);
        OnnxValue zero = graph.Constant(0);

        graph.Output("boxes", Pad(graph.Where(deep, graph.GatherRows(found.Boxes, rows), zero), 3), DataType.Float, "batch", "max", 4);
        graph.Output("scores", Pad(graph.Where(real, scores, zero), 2), DataType.Float, "batch", "max");
        graph.Output(
            "labels",
            Pad(graph.Where(real, graph.GatherRows(labels, rows), graph.Integer(0)), 2),
            DataType.Int64,
            "batch",
            "max");
        graph.Output("count", graph.ReduceSum(graph.Cast(real, DataType.Int64), 1, keepDims: false), DataType.Int64, "batch");
        graph.Output(
            "deviations", Pad(graph.Where(deep, graph.GatherRows(found.Deviations, rows), zero), 3), DataType.Float, "batch", "max", 4);

        OnnxValue Pad(OnnxValue value, int rank)
        {
            OnnxValue none = graph.Integers(0);
            OnnxValue[] amounts = [.. Enumerable.Range(0, 2 * rank).Select(i => i == rank + 1 ? missing : none)];
            return graph.Node("Pad", [value, graph.Concat(0, amounts)]);
        }
    }

    private sealed record TopKPairs(OnnxValue Scores, OnnxValue Labels, OnnxValue Sides, OnnxValue Centers, OnnxValue Strides);
}
