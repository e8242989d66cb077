using FocalSharp.Losses;
using FocalSharp.Torch.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Losses;

/// <summary>Every loss and its gradient against the official ones, in both precisions.</summary>
[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class LossGoldenTests
{
    [Theory]
    [InlineData("qfl_mmdet")]
    [InlineData("qfl_gfocal1")]
    [InlineData("dfl")]
    [InlineData("box")]
    [InlineData("box_gfocal1")]
    [InlineData("focal")]
    [InlineData("kd")]
    public void Loss_and_gradient_equal_the_official_ones(string file)
    {
        foreach (GoldenCase golden in GoldenFile.Require("losses", file).Cases)
        {
            Check($"losses.{file}", golden, ScalarType.Float32);
            Check($"losses.{file}", golden, ScalarType.Float64);
        }
    }

    private static void Check(string group, GoldenCase golden, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        bool wide = type == ScalarType.Float64;
        string suffix = wide ? "_f64" : "";
        Tensor prediction = golden.Leaf("pred", type);
        Tensor? target = golden.Outputs.Contains("grad_target") ? golden.Leaf("target", type) : null;
        Tensor loss = Apply(golden, prediction, target, type);
        Tensor scalar = golden.Has("cotangent") && loss.dim() > 0 ? (loss * golden.Tensor("cotangent", type)).sum() : loss.sum();
        scalar.backward();

        if (!HasNaN(golden, "loss" + suffix))
        {
            (double tolerance, double floor) = wide ? (1e-12, 1) : (1e-5, 0.1);
            golden.Compare($"{group}.loss{suffix}", "loss" + suffix, loss, tolerance, floor);
            golden.Compare($"{group}.gradient{suffix}", "grad_pred" + suffix, prediction.grad, tolerance, floor);
            if (target is not null)
            {
                // No gradient at all, where weights that are all zero leave the target out of the graph, counts as zero.
                golden.Compare($"{group}.gradient{suffix}", "grad_target" + suffix, target.grad ?? zeros_like(target), tolerance, floor);
            }

            return;
        }

        // Where the official code gives NaN ours is finite, and equal to what it gives in double precision if that is finite.
        Assert.True(loss.isfinite().all().item<bool>(), $"{golden.Id}: the loss is not finite");
        Assert.True(prediction.grad!.isfinite().all().item<bool>(), $"{golden.Id}: the gradient is not finite");
        if (!HasNaN(golden, "loss_f64"))
        {
            golden.Compare($"{group}.loss", "loss_f64", loss, 1e-5, 0.1);
        }
    }

    private static Tensor Apply(GoldenCase golden, Tensor prediction, Tensor? target, ScalarType type)
    {
        LossReduction reduction = Enum.Parse<LossReduction>(golden.Text("reduction"), ignoreCase: true);
        double weight = golden.Number("loss_weight") ?? 1;
        double? factor = golden.Number("avg_factor");
        Tensor? weights = golden.Has("weight") ? golden.Tensor("weight", type) : null;
        string function = golden.Function.Split(" (")[0];
        bool first = golden.Function.EndsWith("(GFocal v1 repo)", StringComparison.Ordinal);
        double beta = golden.Number("beta") ?? 2;
        double epsilon = golden.Number("eps") ?? 1e-6;
        Tensor Label(string name) => golden.Tensor(name, ScalarType.Int64);
        Tensor Values(string name) => golden.Tensor(name, type);
        switch (function)
        {
            case "quality_focal_loss" or "QualityFocalLoss":
                return new QualityFocalLoss(beta, reduction, weight, backgroundFirst: first, firstRelease: first)
                    .forward(prediction, Label("label"), Values("score"), weights, factor);
            case "quality_focal_loss_with_prob":
                return new QualityFocalLoss(beta, reduction, weight, activated: true)
                    .forward(prediction, Label("label"), Values("score"), weights, factor);
            case "quality_focal_loss_tensor_target":
                return new QualityFocalLoss(beta, reduction, weight).ForwardDense(prediction, Values("score"), weights, factor);
            case "distribution_focal_loss":
                return new DistributionFocalLoss(reduction, weight, first).forward(prediction, Values("label"), weights, factor);
            case "sigmoid_focal_loss":
                Tensor labels = golden.Shape("target").Length == 1 ? Label("target") : Values("target");
                return new FocalLoss(golden.Number("gamma")!.Value, golden.Number("alpha")!.Value, reduction, weight)
                    .forward(prediction, labels, weights, factor);
            case "varifocal_loss":
                bool iouWeighted = golden.Arguments.GetProperty("iou_weighted").GetBoolean();
                return new VarifocalLoss(golden.Number("alpha")!.Value, golden.Number("gamma")!.Value, iouWeighted, reduction, weight)
                    .forward(prediction, Values("target"), weights, factor);
            case "knowledge_distillation_kl_div_loss":
                return new LocalizationDistillationLoss(golden.Number("T")!.Value, reduction, weight)
                    .forward(prediction, Values("soft_label"), weights, factor);
            case "GIoULoss":
                return new GiouLoss(reduction, weight, epsilon, first).forward(prediction, target!, weights, factor);
            case "DIoULoss":
                return new DiouLoss(reduction, weight, epsilon).forward(prediction, target!, weights, factor);
            case "CIoULoss":
                return new CiouLoss(reduction, weight, epsilon).forward(prediction, target!, weights, factor);
            case "IoULoss":
                return new IouLoss(BoxLossKind.IouLog, reduction, weight, epsilon, first).forward(prediction, target!, weights, factor);
            case "IoULoss:log" or "IoULoss:linear" or "IoULoss:square":
                BoxLossKind mode = Enum.Parse<BoxLossKind>("Iou" + function.Split(':')[1], ignoreCase: true);
                return new IouLoss(mode, reduction, weight, epsilon, first).forward(prediction, target!, weights, factor);
            default:
                throw new InvalidDataException($"{golden.Id}: no test knows the function {golden.Function}.");
        }
    }

    private static bool HasNaN(GoldenCase golden, string name) => golden.Doubles(name).Any(double.IsNaN);
}
