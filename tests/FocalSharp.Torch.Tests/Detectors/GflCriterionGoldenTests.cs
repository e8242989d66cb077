using System.Text.Json;
using FocalSharp.Assignment;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class GflCriterionGoldenTests
{
    private const double Tolerance = 1e-5;

    [Fact]
    public void Loss_of_every_level_and_its_gradient_equal_the_official_head()
    {
        foreach (GoldenCase golden in GoldenFile.RequireAll("head_loss").SelectMany(file => file.Cases))
        {
            Assert.Equal("GFLHead.loss_by_feat", golden.Function);
            Check(golden);
        }
    }

    [Fact]
    public void Loss_of_probabilities_equals_the_official_GFLv2_head()
    {
        foreach (GoldenCase golden in GoldenFile.Require("gflv2", "head").Cases.Where(golden => golden.Function == "GFocalHead.loss"))
        {
            using DisposeScope scope = NewDisposeScope();
            int levels = golden.Arguments.GetProperty("strides").GetArrayLength();
            int height = golden.Arguments.GetProperty("batch_hw")[0].GetInt32();
            int width = golden.Arguments.GetProperty("batch_hw")[1].GetInt32();
            Tensor[] scores = [.. Enumerable.Range(0, levels).Select(l => golden.Leaf($"cls_score.{l}"))];
            Tensor[] sides = [.. Enumerable.Range(0, levels).Select(l => golden.Leaf($"bbox_pred.{l}"))];
            GroundTruth[] truths =
            [
                .. Enumerable.Range(0, (int)scores[0].size(0)).Select(i => new GroundTruth(
                    golden.Floats($"gt_bboxes.{i}"), [.. golden.Longs($"gt_labels.{i}").Select(label => (int)label)], width, height)),
            ];
            GflHeadOptions head = new()
            {
                RegMax = golden.Integer("reg_max"),
                Strides = [.. golden.Arguments.GetProperty("strides").EnumerateArray().Select(stride => stride.GetInt32())],
            };
            GflCriterion criterion = new(head, new GflLossOptions(), golden.Integer("num_classes"));
            Compare("gflv2.loss", golden, criterion, new HeadOutput(scores, sides, scoresAreProbabilities: true), truths);
        }
    }

    private static void Check(GoldenCase golden)
    {
        using DisposeScope scope = NewDisposeScope();
        int[] strides = [.. golden.Arguments.GetProperty("strides").EnumerateArray().Select(stride => stride.GetInt32())];
        GflHeadOptions head = new() { RegMax = golden.Integer("reg_max"), Strides = strides };
        int classes = golden.Integer("num_classes");
        Tensor[] scores = [.. strides.Select((_, l) => golden.Leaf($"cls_score.{l}"))];
        Tensor[] sides = [.. strides.Select((_, l) => golden.Leaf($"bbox_pred.{l}"))];
        HeadOutput output = new(scores, sides);
        GroundTruth[] truths = Truths(golden);
        GflCriterion criterion = new(head, new GflLossOptions(), classes);

        Compare("head_loss", golden, criterion, output, truths);
        CompareTotal("head_loss.composed", golden, new GflCriterion(head, new GflLossOptions(), classes) { UseFusedKernels = false }, output, truths);
        CheckTargets(golden, head, scores, truths, classes);
    }

    private static void Compare(string group, GoldenCase golden, GflCriterion criterion, HeadOutput output, GroundTruth[] truths)
    {
        LevelLossTerms levels = criterion.ComputeByLevel(output, truths);
        golden.Compare($"{group}.levels", "loss_cls", levels.Classification, Tolerance, 0.1);
        golden.Compare($"{group}.levels", "loss_bbox", levels.Box, Tolerance, 0.1);
        golden.Compare($"{group}.levels", "loss_dfl", levels.Distribution, Tolerance, 0.1);
        Factor(group, golden, "avg_factor_cls", levels.ClassificationFactor);
        Factor(group, golden, "avg_factor_bbox", levels.BoxFactor);

        CompareTotal(group, golden, criterion, output, truths);
    }

    private static void CompareTotal(string group, GoldenCase golden, GflCriterion criterion, HeadOutput output, GroundTruth[] truths)
    {
        foreach (Tensor map in output.Scores.Concat(output.BoxDistributionLogits))
        {
            map.grad = null;
        }

        LossTerms terms = criterion.Compute(output, truths);
        if (golden.Scalars.TryGetProperty("num_pos", out JsonElement positives))
        {
            Assert.Equal(positives.GetInt32(), terms.Positives);
        }

        Tensor total = terms.Total();
        golden.Compare($"{group}.total", "total", total, Tolerance, 0.1);
        total.backward();
        for (int l = 0; l < output.Scores.Count; l++)
        {
            // A tenth of the allowed absolute deviation near zero: a head's gradients are small.
            golden.Compare($"{group}.gradient", $"grad_cls_score.{l}", output.Scores[l].grad, Tolerance, 1e-2);
            golden.Compare($"{group}.gradient", $"grad_bbox_pred.{l}", output.BoxDistributionLogits[l].grad, Tolerance, 1e-2);
        }
    }

    private static GroundTruth[] Truths(GoldenCase golden) =>
    [
        .. golden.Arguments.GetProperty("img_metas").EnumerateArray().Select((meta, i) =>
        {
            int[] size = [.. meta.GetProperty("img_shape").EnumerateArray().Select(side => side.GetInt32())];
            int[] labels = [.. golden.Longs($"gt_labels.{i}").Select(label => (int)label)];
            return new GroundTruth(golden.Floats($"gt_bboxes.{i}"), labels, size[1], size[0]);
        }),
    ];

    private static void Factor(string group, GoldenCase golden, string name, double actual) => GoldenReport.Record(
        $"{group}.factors", $"{golden.Id}.{name}", GoldenReport.Relative(actual, golden.Scalars.GetProperty(name).GetDouble()), Tolerance);

    private static void CheckTargets(GoldenCase golden, HeadOptions head, Tensor[] scores, GroundTruth[] truths, int classes)
    {
        (int Width, int Height)[] sizes = [.. scores.Select(map => ((int)map.size(3), (int)map.size(2)))];
        AtssAssigner assigner = new();
        HeadTargets targets = HeadTargets.Create(
            head,
            AnchorGrid.Create([.. head.Strides], sizes, head.AnchorScale, head.CenterOffset),
            truths,
            classes,
            (i, own) => assigner.Assign(own, truths[i].Boxes, truths[i].Labels),
            averageOverBatch: false);
        int anchors = targets.Grid.Count;
        long[] labels = [.. Enumerable.Repeat((long)classes, truths.Length * anchors)];
        Dictionary<(long Image, long Anchor), float[]> boxes = [];
        for (int i = 0; i < targets.Count; i++)
        {
            labels[(targets.Images[i] * anchors) + targets.Anchors[i]] = targets.Labels[i];
            float stride = targets.Grid.Levels[targets.Grid.LevelOf((int)targets.Anchors[i])].Stride;
            boxes[(targets.Images[i], targets.Anchors[i])] = [.. targets.Boxes[(4 * i)..(4 * (i + 1))].Select(edge => edge * stride)];
        }

        float[] weights = targets.AnchorWeights() ?? [.. Enumerable.Repeat(1f, truths.Length * anchors)];
        Assert.Equal(golden.Longs("labels"), labels);
        Assert.Equal(golden.Floats("label_weights"), weights);
        long[] places = golden.Longs("pos_idx");
        float[] expected = golden.Floats("pos_bbox_targets");
        Assert.Equal(places.Length / 2, boxes.Count);
        double worst = 0;
        for (int i = 0; i < boxes.Count; i++)
        {
            float[] box = boxes[(places[2 * i], places[(2 * i) + 1])];
            worst = Math.Max(worst, GoldenReport.MaxRelative(box, expected.AsSpan(4 * i, 4), 1));
        }

        GoldenReport.Record("head_loss.targets", golden.Id, worst, 1e-6);
    }
}
