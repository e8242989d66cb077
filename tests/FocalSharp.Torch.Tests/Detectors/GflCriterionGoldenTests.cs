using FocalSharp.Assignment;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Heads;
using FocalSharp.Torch.Losses;
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

    private static void Check(GoldenCase golden)
    {
        using DisposeScope scope = NewDisposeScope();
        int[] strides = [.. golden.Arguments.GetProperty("strides").EnumerateArray().Select(stride => stride.GetInt32())];
        HeadOptions head = new() { RegMax = golden.Integer("reg_max"), Strides = strides };
        int classes = golden.Integer("num_classes");
        Tensor[] scores = [.. strides.Select((_, l) => golden.Leaf($"cls_score.{l}"))];
        Tensor[] sides = [.. strides.Select((_, l) => golden.Leaf($"bbox_pred.{l}"))];
        HeadOutput output = new(scores, sides);
        GroundTruth[] truths = Truths(golden);
        GflCriterion criterion = new(head, new GflLossOptions(), classes);

        LevelLossTerms levels = criterion.ComputeByLevel(output, truths);
        golden.Compare("head_loss.levels", "loss_cls", levels.Quality, Tolerance, 0.1);
        golden.Compare("head_loss.levels", "loss_bbox", levels.Box, Tolerance, 0.1);
        golden.Compare("head_loss.levels", "loss_dfl", levels.Distribution, Tolerance, 0.1);
        Factor(golden, "avg_factor_cls", levels.QualityFactor);
        Factor(golden, "avg_factor_bbox", levels.BoxFactor);
        CheckTargets(golden, head, scores, truths, classes);

        LossTerms terms = criterion.Compute(output, truths);
        Assert.Equal(golden.Scalars.GetProperty("num_pos").GetInt32(), terms.Positives);
        Tensor total = terms.Total();
        golden.Compare("head_loss.total", "total", total, Tolerance, 0.1);
        total.backward();
        for (int l = 0; l < strides.Length; l++)
        {
            golden.Compare("head_loss.gradient", $"grad_cls_score.{l}", scores[l].grad, Tolerance, 0.1);
            golden.Compare("head_loss.gradient", $"grad_bbox_pred.{l}", sides[l].grad, Tolerance, 0.1);
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

    private static void Factor(GoldenCase golden, string name, double actual) => GoldenReport.Record(
        "head_loss.factors", $"{golden.Id}.{name}", GoldenReport.Relative(actual, golden.Scalars.GetProperty(name).GetDouble()), Tolerance);

    private static void CheckTargets(GoldenCase golden, HeadOptions head, Tensor[] scores, GroundTruth[] truths, int classes)
    {
        (int Width, int Height)[] sizes = [.. scores.Select(map => ((int)map.size(3), (int)map.size(2)))];
        HeadTargets targets = HeadTargets.Create(head, new AtssAssigner(), sizes, truths, classes);
        int anchors = targets.Grid.Count;
        long[] labels = [.. Enumerable.Repeat((long)classes, truths.Length * anchors)];
        Dictionary<(long Image, long Anchor), float[]> boxes = [];
        for (int i = 0; i < targets.Count; i++)
        {
            labels[(targets.Images[i] * anchors) + targets.Anchors[i]] = targets.Labels[i];
            float stride = targets.Grid.Levels[targets.Grid.LevelOf((int)targets.Anchors[i])].Stride;
            boxes[(targets.Images[i], targets.Anchors[i])] = [.. targets.Boxes[(4 * i)..(4 * (i + 1))].Select(edge => edge * stride)];
        }

        float[] weights = targets.AnchorWeights ?? [.. Enumerable.Repeat(1f, truths.Length * anchors)];
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
