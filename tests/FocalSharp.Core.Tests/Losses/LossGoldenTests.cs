using System.Numerics;
using FocalSharp.Losses;

namespace FocalSharp.Core.Tests.Losses;

/// <summary>The closed forms against the official losses and gradients, in float32 and float64.</summary>
[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class LossGoldenTests
{
    [Theory]
    [InlineData("qfl_mmdet")]
    [InlineData("qfl_gfocal1")]
    public void Quality_focal_loss(string file)
    {
        foreach (LossCase test in LossCase.Read(file))
        {
            Quality<float>(test);
            Quality<double>(test);
        }
    }

    [Fact]
    public void Distribution_focal_loss()
    {
        foreach (LossCase test in LossCase.Read("dfl"))
        {
            Assert.Equal("distribution_focal_loss", test.Fn);
            Distribution<float>(test);
            Distribution<double>(test);
        }
    }

    [Theory]
    [InlineData("box")]
    [InlineData("box_gfocal1")]
    public void Box_losses(string file)
    {
        foreach (LossCase test in LossCase.Read(file))
        {
            Boxes<float>(test);
            Boxes<double>(test);
        }
    }

    [Fact]
    public void Focal_and_varifocal_loss()
    {
        foreach (LossCase test in LossCase.Read("focal"))
        {
            Focal<float>(test);
            Focal<double>(test);
        }
    }

    [Fact]
    public void Localization_distillation()
    {
        foreach (LossCase test in LossCase.Read("kd"))
        {
            Assert.Equal("knowledge_distillation_kl_div_loss", test.Fn);
            Distillation<float>(test);
            Distillation<double>(test);
        }
    }

    private static void Quality<T>(LossCase test)
        where T : struct, IFloatingPointIeee754<T>
    {
        T[] pred = test.Values<T>("pred");
        T beta = test.Number<T>("beta");
        int classes = (int)test.Shape("pred")[1];
        bool firstRelease = test.Fn == "quality_focal_loss (GFocal v1 repo)";
        T[] targets = new T[pred.Length];
        bool[] positive = new bool[pred.Length];
        if (test.Has("label"))
        {
            long[] labels = test.Longs("label");
            QualityTargets.Fill(labels, test.Values<T>("score"), targets, firstRelease ? 1 : 0);
            T[] marks = new T[pred.Length];
            QualityTargets.Fill(labels, [.. labels.Select(_ => T.One)], marks, firstRelease ? 1 : 0);
            positive = [.. marks.Select(mark => mark > T.Zero)];
        }
        else
        {
            targets = test.Values<T>("score");
        }

        LossAndGradient<T>[] values = [.. pred.Select((x, i) => test.Fn switch
        {
            "quality_focal_loss" or "quality_focal_loss_tensor_target (target is (N,C) soft one-hot)" =>
                QualityFocalLossFormula.Evaluate(x, targets[i], beta),
            "quality_focal_loss_with_prob (GFLv2: pred is a probability)" =>
                QualityFocalLossFormula.EvaluateProbability(x, targets[i], beta),
            "quality_focal_loss (GFocal v1 repo)" => QualityFocalLossFormula.Evaluate(
                x, targets[i], beta, signed: positive[i]),
            _ => throw new InvalidDataException($"{test.Id} is of an unknown kind {test.Fn}."),
        })];
        T[] gradients = [.. values.Select(value => value.Gradient)];
        T[] losses = [.. values.Select(value => value.Loss)];
        if (firstRelease)
        {
            test.Compare("qfl", losses, 1, firstRelease: true, ("grad_pred", gradients));
        }
        else
        {
            T[] rows = [.. losses.Chunk(classes).Select(row => row.Aggregate(T.Zero, (sum, loss) => sum + loss))];
            test.Compare("qfl", rows, classes, firstRelease: false, ("grad_pred", gradients));
        }
    }

    private static void Distribution<T>(LossCase test)
        where T : struct, IFloatingPointIeee754<T>
    {
        T[] pred = test.Values<T>("pred");
        T[] labels = test.Values<T>("label");
        T[] losses = new T[labels.Length];
        T[] gradients = new T[pred.Length];
        DistributionFocalLossFormula.Evaluate<T>(pred, labels, losses, gradients);
        test.Compare("dfl", losses, pred.Length / labels.Length, firstRelease: false, ("grad_pred", gradients));
    }

    private static void Boxes<T>(LossCase test)
        where T : struct, IFloatingPointIeee754<T>
    {
        (BoxLossKind kind, bool inclusivePixels) = test.Fn switch
        {
            "IoULoss:log" => (BoxLossKind.IouLog, false),
            "IoULoss:linear" => (BoxLossKind.IouLinear, false),
            "IoULoss:square" => (BoxLossKind.IouSquare, false),
            "GIoULoss" => (BoxLossKind.Giou, false),
            "DIoULoss" => (BoxLossKind.Diou, false),
            "CIoULoss" => (BoxLossKind.Ciou, false),
            "GIoULoss (GFocal v1 repo)" => (BoxLossKind.Giou, true),
            "IoULoss (GFocal v1 repo)" => (BoxLossKind.IouLog, true),
            _ => throw new InvalidDataException($"{test.Id} is of an unknown kind {test.Fn}."),
        };
        T[] pred = test.Values<T>("pred");
        T[] losses = new T[pred.Length / 4];
        T[] gradients = new T[pred.Length];
        T[] targetGradients = new T[pred.Length];
        BoxLossFormula.EvaluateMany(
            kind, pred, test.Values<T>("target"), losses, gradients, targetGradients, test.Number<T>("eps"), inclusivePixels);
        test.Compare(
            "box", losses, 4, inclusivePixels, ("grad_pred", gradients), ("grad_target", targetGradients));
    }

    private static void Focal<T>(LossCase test)
        where T : struct, IFloatingPointIeee754<T>
    {
        T[] pred = test.Values<T>("pred");
        T[] losses = new T[pred.Length];
        T[] gradients = new T[pred.Length];
        T[] targets = new T[pred.Length];
        T gamma = test.Number<T>("gamma");
        T alpha = test.Number<T>("alpha");
        switch (test.Fn)
        {
            case "sigmoid_focal_loss":
                if (test.Shape("target").Length == 2)
                {
                    targets = test.Values<T>("target");
                }
                else
                {
                    long[] labels = test.Longs("target");
                    QualityTargets.Fill(labels, [.. labels.Select(_ => T.One)], targets);
                }

                FocalLossFormula.Evaluate<T>(pred, targets, losses, gradients, gamma, alpha);
                break;
            case "varifocal_loss":
                Assert.True(test.Args.GetProperty("iou_weighted").GetBoolean());
                VarifocalLossFormula.Evaluate<T>(pred, test.Values<T>("target"), losses, gradients, alpha, gamma);
                break;
            default:
                throw new InvalidDataException($"{test.Id} is of an unknown kind {test.Fn}.");
        }

        test.Compare("focal", losses, 1, firstRelease: false, ("grad_pred", gradients));
    }

    private static void Distillation<T>(LossCase test)
        where T : struct, IFloatingPointIeee754<T>
    {
        T[] pred = test.Values<T>("pred");
        T[] soft = test.Values<T>("soft_label");
        int bins = (int)test.Shape("pred")[1];
        T[] gradients = new T[pred.Length];
        T[] losses = new T[pred.Length / bins];
        for (int row = 0; row < losses.Length; row++)
        {
            losses[row] = DistillationLossFormula.Evaluate(
                pred.AsSpan(row * bins, bins), soft.AsSpan(row * bins, bins), test.Number<T>("T"), gradients.AsSpan(row * bins, bins));
        }

        test.Compare("kd", losses, bins, firstRelease: false, ("grad_pred", gradients));
    }
}
