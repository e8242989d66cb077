using FocalSharp.Assignment;
using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Heads;

/// <summary>
/// NanoDet's heads are GFL's with other numbers: fewer bins, other anchors, other centres; NanoDet-Plus's has an assignment of its own.
/// </summary>
[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class GoldenNanoDetTests
{
    private const double LossTolerance = 1e-5;

    public static TheoryData<string> Cases()
    {
        string folder = Path.Combine(GoldenData.Root, "nanodet");
        return Directory.Exists(folder)
            ? [.. GoldenFile.RequireAll("nanodet").SelectMany(file => file.Cases).Select(golden => golden.Id)]
            : [string.Empty];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nanodet_heads_equal_the_official_ones(string id)
    {
        GoldenCase golden = GoldenFile.RequireAll("nanodet").SelectMany(file => file.Cases).Single(golden => golden.Id == id);
        using DisposeScope scope = NewDisposeScope();
        switch (golden.Function)
        {
            case "NanoDetHead.get_bboxes" or "NanoDetPlusHead.get_bboxes":
                CheckDetections(golden);
                break;
            case "NanoDetHead.loss":
                CheckLoss(golden, new AtssOptions());
                break;
            case "NanoDetPlusHead.loss":
                CheckLoss(golden, new DynamicSoftLabelOptions());
                break;
            default:
                Assert.Fail($"{golden.Id}: the function {golden.Function} is not known");
                break;
        }
    }

    private static GflHeadOptions Options(GoldenCase golden) => new()
    {
        RegMax = golden.Integer("reg_max"),
        Strides = [.. golden.Arguments.GetProperty("strides").EnumerateArray().Select(stride => stride.GetInt32())],
        AnchorScale = 5,
        CenterOffset = golden.Function.StartsWith("NanoDetPlus", StringComparison.Ordinal) ? 0 : 0.5,
    };

    private static (int Height, int Width) Size(GoldenCase golden)
    {
        int[] size = [.. golden.Arguments.GetProperty("input_hw").EnumerateArray().Select(side => side.GetInt32())];
        return (size[0], size[1]);
    }

    /// <summary>NanoDet's points × channels, all levels in a row, as maps.</summary>
    private static HeadOutput Maps(GoldenCase golden, HeadOptions head, Tensor predictions)
    {
        (int height, int width) = Size(golden);
        int classes = golden.Integer("num_classes");
        List<Tensor> scores = [];
        List<Tensor> sides = [];
        long start = 0;
        foreach (int stride in head.Strides)
        {
            long rows = (height + stride - 1) / stride;
            long columns = (width + stride - 1) / stride;
            Tensor map = predictions.narrow(1, start, rows * columns).transpose(1, 2)
                .reshape(predictions.size(0), -1, rows, columns);
            scores.Add(map.narrow(1, 0, classes));
            sides.Add(map.narrow(1, classes, 4 * (head.RegMax + 1)));
            start += rows * columns;
        }

        Assert.Equal(predictions.size(1), start);
        return new HeadOutput(scores, sides);
    }

    private static void CheckDetections(GoldenCase golden)
    {
        HeadOptions head = Options(golden);
        Tensor predictions = golden.Tensor("preds");
        (int height, int width) = Size(golden);
        Detection[][] actual = new HeadDecoder(head, golden.Integer("num_classes")).Decode(
            Maps(golden, head, predictions),
            [.. Enumerable.Repeat(new ResizeTransform(width, height), (int)predictions.size(0))],
            new PostprocessOptions { MaxPerLevel = int.MaxValue });
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(golden.Longs($"lab.{i}"), actual[i].Select(detection => (long)detection.Label));
            float[] expected = golden.Floats($"det.{i}");
            float[] boxes = [.. actual[i].SelectMany(found => new[] { found.Box.X1, found.Box.Y1, found.Box.X2, found.Box.Y2 })];
            float[] scores = [.. actual[i].Select(found => found.Score)];
            GoldenReport.Record("nanodet.boxes", $"{golden.Id}.{i}", Largest(boxes, [.. expected.Where((_, k) => k % 5 < 4)]), 1e-2);
            GoldenReport.Record("nanodet.scores", $"{golden.Id}.{i}", Largest(scores, [.. expected.Where((_, k) => k % 5 == 4)]), 1e-4);
        }
    }

    private static double Largest(float[] actual, float[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        return actual.Zip(expected, (a, e) => Math.Abs((double)a - e)).DefaultIfEmpty().Max();
    }

    private static void CheckLoss(GoldenCase golden, AssignerOptions assigner)
    {
        HeadOptions head = Options(golden);
        (int height, int width) = Size(golden);
        Tensor predictions = golden.Leaf("preds");
        GroundTruth[] truths =
        [
            .. Enumerable.Range(0, (int)predictions.size(0)).Select(i => new GroundTruth(
                golden.Floats($"gt_bboxes.{i}"), [.. golden.Longs($"gt_labels.{i}").Select(label => (int)label)], width, height)),
        ];
        LossTerms terms = new GflCriterion(head, new GflLossOptions { Assigner = assigner }, golden.Integer("num_classes"))
            .Compute(Maps(golden, head, predictions), truths);
        golden.Compare("nanodet.loss", "loss_qfl", terms.Classification, LossTolerance, 0.1);
        golden.Compare("nanodet.loss", "loss_bbox", terms.Box, LossTolerance, 0.1);
        golden.Compare("nanodet.loss", "loss_dfl", terms.Distribution, LossTolerance, 0.1);
        Tensor total = terms.Total();
        golden.Compare("nanodet.loss", "loss", total, LossTolerance, 0.1);
        total.backward();
        golden.Compare("nanodet.gradient", "grad_preds", predictions.grad, LossTolerance, 0.1);
    }
}
