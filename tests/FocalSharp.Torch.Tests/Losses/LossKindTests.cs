using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Losses;

/// <summary>Every kind of loss that a recipe can name: gradients against finite differences, in float64.</summary>
public sealed class LossKindTests : IDisposable
{
    private const double Step = 1e-6;

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, bool> ClassificationKinds
    {
        get
        {
            TheoryData<string, bool> data = [];
            foreach (string kind in new[] { "qualityFocal", "focal", "varifocal" })
            {
                data.Add(kind, false);
                data.Add(kind, true);
            }

            return data;
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(ClassificationKinds))]
    public void Gradients_of_classification_losses_are_those_of_finite_differences(string kind, bool probabilities)
    {
        var options = (ClassificationLossOptions)PartRegistries.Find(typeof(ClassificationLossOptions))!.GetDefaults(kind);
        IClassificationLoss loss = ClassificationLosses.Create(options);
        Tensor qualities = tensor(new[] { 0.0, 0.7, 0.0, 0.2, 0.0, 0.95 }, [1, 2, 3]);
        Tensor positives = qualities.gt(0).to(float64);
        double[] values = probabilities ? [0.1, 0.5, 0.8, 0.3, 0.02, 0.6] : [-2.0, 0.3, 1.5, -0.7, -4, 0.9];
        Tensor scores = tensor(values, [1, 2, 3]);

        CompareGradients(scores, x => loss.Compute(x, qualities, positives, probabilities));
    }

    [Theory]
    [InlineData("giou")]
    [InlineData("diou")]
    [InlineData("ciou")]
    [InlineData("iou")]
    public void Gradients_of_box_losses_are_those_of_finite_differences(string kind)
    {
        IBoxLoss loss = BoxLosses.Create(new IouLossOptions(kind));
        Tensor target = tensor(new double[] { 1, 1, 5, 4, 0, 0, 3, 3, 2, 2, 6, 9 }, [3, 4]);
        Tensor boxes = tensor(new[] { 1.3, 0.8, 4.6, 4.5, 0.5, 0.2, 2.1, 3.6, 1.1, 2.5, 6.4, 7.7 }, [3, 4]);

        Assert.Equal([3L], loss.Compute(boxes, target).shape);
        if (kind == "ciou")
        {
            return; // its trade-off factor is a constant by definition, so that differences do not apply; the golden losses cover it
        }

        CompareGradients(boxes, x => loss.Compute(x, target));
    }

    [Fact]
    public void No_boxes_have_no_loss()
    {
        foreach (string kind in BoxLosses.Kinds.Where(kind => kind.EndsWith("iou", StringComparison.Ordinal)))
        {
            Assert.Equal([0L], BoxLosses.Create(new IouLossOptions(kind)).Compute(zeros([0, 4]), zeros([0, 4])).shape);
        }
    }

    private static void CompareGradients(Tensor at, Func<Tensor, Tensor> loss)
    {
        Tensor x = at.clone().requires_grad_(true);
        loss(x).sum().backward();
        double[] gradient = [.. x.grad!.data<double>()];
        double[] values = [.. at.data<double>()];
        for (int i = 0; i < values.Length; i++)
        {
            double difference = (Moved(Step) - Moved(-Step)) / (2 * Step);
            Assert.Equal(difference, gradient[i], 1e-5 * Math.Max(1, Math.Abs(difference)));

            double Moved(double by)
            {
                double[] moved = [.. values];
                moved[i] += by;
                return loss(tensor(moved, at.shape)).sum().item<double>();
            }
        }
    }
}
