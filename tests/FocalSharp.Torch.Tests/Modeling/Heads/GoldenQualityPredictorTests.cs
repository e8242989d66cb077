using FocalSharp.Assignment;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Heads;

[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class GoldenQualityPredictorTests
{
    private const double Tolerance = 1e-5;

    [Fact]
    public void Head_and_loss_of_gflv2_equal_the_official_ones()
    {
        foreach (GoldenCase golden in GoldenFile.RequireAll("gflv2").SelectMany(file => file.Cases))
        {
            switch (golden.Function)
            {
                case "GFocalHead.forward_single":
                    CheckForward(golden);
                    break;
                case "GFocalHead.loss":
                    CheckLoss(golden);
                    break;
                default:
                    Assert.Fail($"{golden.Id}: the function {golden.Function} is not known");
                    break;
            }
        }
    }

    private static void CheckForward(GoldenCase golden)
    {
        using DisposeScope scope = NewDisposeScope();
        GflHeadOptions options = new()
        {
            Channels = golden.Integer("feat"),
            StackedConvs = golden.Integer("stacked_convs"),
            RegMax = golden.Integer("reg_max"),
            QualityPredictor = new()
            {
                TopK = golden.Integer("reg_topk"),
                AddMean = golden.Arguments.GetProperty("add_mean").GetBoolean(),
                Channels = golden.Integer("reg_channels"),
                BackgroundChannel = golden.Integer("cls_channels") > golden.Integer("num_classes"),
            },
        };
        using Generator generator = new(0);
        using GflHead head = new(options, options.Channels, golden.Integer("num_classes"), generator);
        using (no_grad())
        {
            foreach ((string name, Parameter parameter) in head.named_parameters())
            {
                parameter.copy_(golden.Tensor($"in.{name}"));
            }
        }

        Tensor x = golden.Leaf("x");
        HeadOutput output = head.call([x]);
        Assert.True(output.ScoresAreProbabilities);
        CompareToLargest(golden, "gflv2.forward", "cls_score", output.Scores[0]);
        CompareToLargest(golden, "gflv2.forward", "bbox_pred", output.BoxDistributionLogits[0]);
        ((output.Scores[0] * golden.Tensor("cot_cls")).sum() + (output.BoxDistributionLogits[0] * golden.Tensor("cot_bbox")).sum()).backward();
        CompareToLargest(golden, "gflv2.gradient", "grad_x", x.grad!);
        foreach ((string name, Parameter parameter) in head.named_parameters().Where(entry => golden.Has($"grad.{entry.name}")))
        {
            CompareToLargest(golden, "gflv2.gradient", $"grad.{name}", parameter.grad!);
        }
    }

    // Convolutions sum thousands of terms of either sign, in an order that differs from processor to processor: compared with the
    // tensor's largest.
    private static void CompareToLargest(GoldenCase golden, string group, string name, Tensor actual) =>
        golden.Compare(group, name, actual, Tolerance, Math.Max(golden.Floats(name).Max(Math.Abs), 1e-6));

    private static void CheckLoss(GoldenCase golden)
    {
        using DisposeScope scope = NewDisposeScope();
        int[] strides = [.. golden.Arguments.GetProperty("strides").EnumerateArray().Select(stride => stride.GetInt32())];
        int[] size = [.. golden.Arguments.GetProperty("batch_hw").EnumerateArray().Select(side => side.GetInt32())];
        GflHeadOptions head = new() { RegMax = golden.Integer("reg_max"), Strides = strides, QualityPredictor = new() };
        Tensor[] scores = [.. strides.Select((_, l) => golden.Leaf($"cls_score.{l}"))];
        Tensor[] sides = [.. strides.Select((_, l) => golden.Leaf($"bbox_pred.{l}"))];
        GroundTruth[] truths =
        [
            .. Enumerable.Range(0, (int)scores[0].size(0)).Select(i => new GroundTruth(
                golden.Floats($"gt_bboxes.{i}"), [.. golden.Longs($"gt_labels.{i}").Select(label => (int)label)], size[1], size[0])),
        ];
        GflCriterion criterion = new(head, new GflLossOptions(), golden.Integer("num_classes"));
        HeadOutput output = new(scores, sides, scoresAreProbabilities: true);

        LevelLossTerms levels = criterion.ComputeByLevel(output, truths);
        golden.Compare("gflv2.loss", "loss_cls", levels.Classification, Tolerance, 0.1);
        golden.Compare("gflv2.loss", "loss_bbox", levels.Box, Tolerance, 0.1);
        golden.Compare("gflv2.loss", "loss_dfl", levels.Distribution, Tolerance, 0.1);

        Tensor total = criterion.Compute(output, truths).Total();
        golden.Compare("gflv2.loss", "total", total, Tolerance, 0.1);
        total.backward();
        for (int l = 0; l < strides.Length; l++)
        {
            golden.Compare("gflv2.gradient", $"grad_cls_score.{l}", scores[l].grad, Tolerance, 0.1);
            golden.Compare("gflv2.gradient", $"grad_bbox_pred.{l}", sides[l].grad, Tolerance, 0.1);
        }
    }
}
