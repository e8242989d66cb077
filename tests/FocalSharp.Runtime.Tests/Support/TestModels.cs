using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime.Tests.Support;

/// <summary>Models whose outputs can be computed from their inputs by hand.</summary>
internal static class TestModels
{
    /// <summary>Scores of <see cref="Echo"/>'s first detection: 0.5 + iou_threshold / 4.</summary>
    public const float DefaultFirstScore = 0.65f;

    /// <summary>Inputs keep their size up to 64x64 and are padded to multiples of 32.</summary>
    public static readonly ResizeRule Rule = new() { LongSide = 64, ShortSide = 64, Divisor = 32 };

    /// <summary>
    /// A model of the variant <c>detections</c>. Detection 0: the whole content of the picture, class 1, score 0.5 + iou_threshold / 4. Detection 1, where
    /// its score is above the threshold: corners (R, G of the first pixel) and (R, G of the second), class 0, score B of the first pixel / 255.
    /// Deviations are 1, 2, 3, 4.
    /// </summary>
    public static OnnxGraph Echo(int label = 1) => WithMetadata(new OnnxGraph(), "detections")
        .Input("images", OnnxGraph.UInt8, "batch", "height", "width", 3)
        .Input("sizes", OnnxGraph.Int64, "size_rows", 2).Constant("sizes", [int.MaxValue, int.MaxValue], 1, 2)
        .Input("score_threshold", OnnxGraph.Float).Constant("score_threshold", [0.05f])
        .Input("iou_threshold", OnnxGraph.Float).Constant("iou_threshold", [0.6f])
        .Input("max_detections", OnnxGraph.Int64).Constant("max_detections", [100L])
        .Output("boxes", OnnxGraph.Float, "batch", "max", 4)
        .Output("scores", OnnxGraph.Float, "batch", "max")
        .Output("labels", OnnxGraph.Int64, "batch", "max")
        .Output("count", OnnxGraph.Int64, "batch")
        .Output("deviations", OnnxGraph.Float, "batch", "max", 4)
        .Constant("zero", [0L], 1).Constant("one", [1L], 1).Constant("two", [2L], 1).Constant("three", [3L], 1)
        .Constant("index0", [0L]).Constant("index1", [1L]).Constant("index2", [2L])

        // The content's size, cut to the tensor, a row for each picture.
        .Node("Shape", "images", "shape")
        .Node("Slice", "shape one three", "tensor_size")
        .Node("Gather", "shape zero", "batch_size")
        .Node("Concat", "batch_size two", "rows_shape", ("axis", 0))
        .Node("Min", "sizes tensor_size", "content_any")
        .Node("Expand", "content_any rows_shape", "content")
        .Node("Cast", "content", "content_f", ("to", OnnxGraph.Float))
        .Node("Gather", "content_f one", "content_w", ("axis", 1))
        .Node("Gather", "content_f zero", "content_h", ("axis", 1))
        .Node("Sub", "content_w content_w", "nothing")
        .Node("Concat", "nothing nothing content_w content_h", "box0", ("axis", 1))

        // The first two pixels.
        .Node("Cast", "images", "pixels", ("to", OnnxGraph.Float))
        .Node("Gather", "pixels index0", "row0", ("axis", 1))
        .Node("Gather", "row0 index0", "pixel0", ("axis", 1))
        .Node("Gather", "row0 index1", "pixel1", ("axis", 1))
        .Constant("first_two", [0L, 1L], 2)
        .Node("Gather", "pixel0 first_two", "corner0", ("axis", 1))
        .Node("Gather", "pixel1 first_two", "corner1", ("axis", 1))
        .Node("Concat", "corner0 corner1", "box1", ("axis", 1))
        .Node("Unsqueeze", "box0 one", "box0_row").Node("Unsqueeze", "box1 one", "box1_row")
        .Node("Concat", "box0_row box1_row", "both_boxes", ("axis", 1))

        // Scores and how many pass.
        .Constant("half", [0.5f]).Constant("quarter", [0.25f]).Constant("most", [255f])
        .Node("Mul", "iou_threshold quarter", "share")
        .Node("Add", "share half", "sure")
        .Node("Add", "nothing sure", "score0")
        .Node("Gather", "pixel0 two", "blue", ("axis", 1))
        .Node("Div", "blue most", "score1")
        .Node("Concat", "score0 score1", "both_scores", ("axis", 1))
        .Node("Greater", "both_scores score_threshold", "passed")
        .Node("Cast", "passed", "passed_n", ("to", OnnxGraph.Int64))
        .Node("ReduceSum", "passed_n one", "passed_sum", ("keepdims", 0))
        .Node("Min", "passed_sum max_detections", "count")

        // Rows up to max_detections.
        .Constant("labels_row", [(long)label, 0], 1, 2).Constant("sides", [1f, 2, 3, 4], 1, 1, 4)
        .Node("Expand", "labels_row rows_shape", "both_labels")
        .Node("Mul", "both_boxes zero_f", "no_boxes").Constant("zero_f", [0f])
        .Node("Add", "no_boxes sides", "both_sides")
        .Node("Sub", "max_detections index2", "missing_n").Node("Unsqueeze", "missing_n zero", "missing")
        .Node("Concat", "zero zero zero missing", "pads2", ("axis", 0))
        .Node("Concat", "zero zero zero zero missing zero", "pads3", ("axis", 0))
        .Node("Pad", "both_boxes pads3", "boxes")
        .Node("Pad", "both_sides pads3", "deviations")
        .Node("Pad", "both_scores pads2", "scores")
        .Node("Pad", "both_labels pads2", "labels");

    /// <summary>A model that gives the same numbers for every picture: each constant is an output, <c>[1, points, channels]</c>.</summary>
    public static OnnxGraph Fixed(string variant, int points, params (string Output, float[] Values)[] outputs)
    {
        OnnxGraph graph = WithMetadata(new OnnxGraph(), variant).Input("images", OnnxGraph.UInt8, "batch", "height", "width", 3)
            .Constant("first", [0L], 1)
            .Node("Shape", "images", "shape").Node("Gather", "shape first", "batch_size")
            .Constant("ones", [1L, 1], 2).Node("Concat", "batch_size ones", "target", ("axis", 0));
        foreach ((string output, float[] values) in outputs)
        {
            graph.Constant(output + "_values", values, 1, points, values.Length / points)
                .Node("Expand", output + "_values target", output)
                .Output(output, OnnxGraph.Float, "batch", "points", values.Length / points);
        }

        return graph;
    }

    private static OnnxGraph WithMetadata(OnnxGraph graph, string variant) => graph
        .Metadata("focalsharp.format", "1").Metadata("focalsharp.variant", variant).Metadata("focalsharp.model", "echo")
        .Metadata("focalsharp.classes", """["cat","dog"]""").Metadata("focalsharp.strides", "[16,32]").Metadata("focalsharp.reg_max", "4")
        .Metadata("focalsharp.resize", ResizeRuleSerializer.ToJson(Rule)).Metadata("focalsharp.divisor", "32")
        .Metadata("focalsharp.mean", "[123.675,116.28,103.53]").Metadata("focalsharp.std", "[58.395,57.12,57.375]")
        .Metadata("focalsharp.score_threshold", "0.05").Metadata("focalsharp.iou_threshold", "0.6").Metadata("focalsharp.max_detections", "100")
        .Metadata("focalsharp.licence", "MIT").Metadata("focalsharp.run", "runs/test");
}
