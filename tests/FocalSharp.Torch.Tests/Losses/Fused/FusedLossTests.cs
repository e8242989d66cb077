using FocalSharp.Losses;
using FocalSharp.Torch.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Losses.Fused;

/// <summary>The fused pass against the same modules in float64, where losses are composed of operators.</summary>
public sealed class FusedLossTests
{
    [Theory]
    [InlineData(1, 1, 2.0)]
    [InlineData(37, 3, 2.0)]
    [InlineData(50, 80, 2.0)]
    [InlineData(50, 20, 1.5)]
    [InlineData(5000, 17, 2.0)]
    public void Quality_focal_loss_equals_the_composed_one(int rows, int classes, double beta)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new((ulong)rows);
        Tensor logits = empty(rows, classes).normal_(-2, 3, generator);
        Tensor labels = randint(0, classes + 1, [rows], int64, generator: generator);
        Tensor qualities = empty(rows).uniform_(0, 1, generator);
        Tensor weights = empty(rows).uniform_(0, 2, generator);
        foreach (Tensor? weight in new[] { null, weights })
        {
            foreach ((LossReduction reduction, double? factor) in new (LossReduction, double?)[] { (LossReduction.Mean, null), (LossReduction.Mean, 7.5), (LossReduction.Sum, null) })
            {
                QualityFocalLoss loss = new(beta, reduction, lossWeight: 0.7);
                AssertEqual(
                    logits,
                    input => loss.forward(input, labels, qualities, weight, factor),
                    input => loss.forward(input, labels, qualities.to(float64), weight?.to(float64), factor));
            }
        }
    }

    [Theory]
    [InlineData(1, 17)]
    [InlineData(3000, 17)]
    [InlineData(100, 8)]
    public void Distribution_focal_loss_equals_the_composed_one(int rows, int bins)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new((ulong)rows);
        Tensor logits = empty(rows, bins).normal_(0, 4, generator);
        Tensor targets = empty(rows).uniform_(0, bins - 1, generator);
        Tensor weights = empty(rows).uniform_(0, 2, generator);
        DistributionFocalLoss loss = new(lossWeight: 0.25);
        AssertEqual(logits, input => loss.forward(input, targets, weights, 4.0), input => loss.forward(input, targets.to(float64), weights.to(float64), 4.0));
        AssertEqual(logits, input => loss.forward(input, targets), input => loss.forward(input, targets.to(float64)));
    }

    [Fact]
    public void Box_losses_equal_the_composed_ones()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(2);
        Tensor low = empty(3000, 2).uniform_(0, 50, generator);
        Tensor boxes = cat([low, low + empty(3000, 2).uniform_(1, 30, generator)], 1);
        Tensor targets = boxes + empty(3000, 4).uniform_(-0.4, 0.4, generator);
        foreach (BoxLoss loss in new BoxLoss[] { new GiouLoss(), new DiouLoss(), new CiouLoss(), new IouLoss(), new IouLoss(BoxLossKind.IouLinear), new GiouLoss(firstRelease: true) })
        {
            AssertEqual(boxes, input => loss.forward(input, targets), input => loss.forward(input, targets.to(float64)), 2e-4);
        }
    }

    [Fact]
    public void What_comes_from_above_scales_the_gradient_each_time_it_is_asked_for()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = empty(6, 17).normal_().requires_grad_();
        Tensor targets = tensor(new float[] { 0, 1.5f, 16, 3, 7.25f, 9 });
        Tensor loss = new DistributionFocalLoss().forward(logits, targets);
        Tensor once = autograd.grad([loss], [logits], retain_graph: true)[0];
        Tensor tripled = autograd.grad([loss * 3], [logits], retain_graph: true)[0];
        Tensor again = autograd.grad([loss], [logits])[0];
        Assert.True(tripled.allclose(once * 3));
        Assert.True(again.equal(once).all().item<bool>());
    }

    [Fact]
    public void Many_passes_leave_no_tensor_behind()
    {
        QualityFocalLoss quality = new();
        DistributionFocalLoss distribution = new();
        GiouLoss giou = new();
        Pass();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 30; i++)
        {
            Pass();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Pass()
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor a = randn(40, 8).requires_grad_();
            quality.forward(a, randint(0, 9, [40], int64), rand(40)).backward();
            Tensor b = randn(40, 17).requires_grad_();
            distribution.forward(b, rand(40) * 16).backward();
            Tensor c = cat([rand(40, 2), rand(40, 2) + 1], 1).requires_grad_();
            giou.forward(c, cat([rand(40, 2), rand(40, 2) + 1], 1)).backward();
        }
    }

    private static void AssertEqual(Tensor input, Func<Tensor, Tensor> fused, Func<Tensor, Tensor> composed, double tolerance = 1e-5)
    {
        Tensor single = input.clone().requires_grad_();
        Tensor wide = input.to(float64).requires_grad_();
        Tensor actual = fused(single);
        Tensor expected = composed(wide);
        Assert.Equal(float32, actual.dtype);
        actual.backward();
        expected.backward();
        Assert.Equal(expected.item<double>(), actual.item<float>(), tolerance * Math.Max(1e-3, Math.Abs(expected.item<double>())));
        double largest = wide.grad!.abs().max().item<double>();
        double deviation = (single.grad!.to(float64) - wide.grad).abs().max().item<double>();
        Assert.True(deviation <= tolerance * largest, $"gradients deviate by {deviation} where the largest is {largest}");
    }
}
