using CsCheck;
using FocalSharp.Torch.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Losses;

/// <summary>The paper's claim: the three losses are one.</summary>
public sealed class GeneralizedFocalLossTests
{
    private static readonly Gen<double[]> Logits = Gen.Double[-30, 30].Array[6];
    private static readonly Gen<double[]> Qualities = Gen.Double[0, 1].Array[6];

    [Fact]
    public void Labels_zero_and_one_give_quality_focal_loss() => Gen.Select(Logits, Qualities, Gen.OneOf(0.5, 1.0, 2.0, 3.0)).Sample(
        (logits, qualities, beta) =>
        {
            // Below 1 the modulator |y − σ|^β rises upright from its zero, in the official code too: there is no slope to compare.
            if (beta < 1 && logits.Zip(qualities).Any(pair => Math.Abs((1 / (1 + Math.Exp(-pair.First))) - pair.Second) < 1e-9))
            {
                return;
            }

            using DisposeScope scope = NewDisposeScope();
            (Tensor x, Tensor y) = (tensor(logits).requires_grad_(), tensor(qualities));
            (Tensor a, Tensor b) = (tensor(logits).requires_grad_(), zeros(6, int64));

            Tensor general = new GeneralizedFocalLoss(beta, LossReduction.Sum).forward(
                GeneralizedFocalLoss.FromLogit(x), y, tensor(0.0), tensor(1.0));
            Tensor quality = new QualityFocalLoss(beta, LossReduction.Sum).forward(a.unsqueeze(1), b, y);

            AssertSame(general, x, quality, a);
        },
        iter: 50);

    [Fact]
    public void Labels_of_zero_or_one_give_focal_loss_without_alpha() => Gen.Select(Logits, Gen.Int[0, 1].Array[6]).Sample(
        (logits, classes) =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor y = tensor(classes.Select(label => (double)label).ToArray());
            (Tensor x, Tensor a) = (tensor(logits).requires_grad_(), tensor(logits).requires_grad_());

            Tensor general = new GeneralizedFocalLoss(2, LossReduction.Sum).forward(
                GeneralizedFocalLoss.FromLogit(x), y, tensor(0.0), tensor(1.0));
            Tensor focal = new FocalLoss(gamma: 2, alpha: 0.5, LossReduction.Sum, lossWeight: 2).forward(a.unsqueeze(1), y.unsqueeze(1));

            AssertSame(general, x, focal, a);
        },
        iter: 50);

    [Fact]
    public void Neighbouring_bins_without_modulator_give_distribution_focal_loss() =>
        Gen.Select(Gen.Double[-20, 20].Array[9], Gen.Double[0, 7.9]).Sample(
            (logits, distance) =>
            {
                using DisposeScope scope = NewDisposeScope();
                (Tensor x, Tensor a) = (tensor(logits).requires_grad_(), tensor(logits).requires_grad_());
                (Tensor y, double left) = (tensor([distance]), Math.Floor(distance));

                Tensor logs = nn.functional.log_softmax(x, 0).narrow(0, (long)left, 2).unsqueeze(0);
                Tensor general = new GeneralizedFocalLoss(0, LossReduction.Sum).forward(logs, y, tensor(left), tensor(left + 1));
                Tensor distribution = new DistributionFocalLoss(LossReduction.Sum).forward(a.unsqueeze(0), y);

                AssertSame(general, x, distribution, a);
            },
            iter: 50);

    [Fact]
    public void It_is_zero_with_no_gradient_where_the_expectation_equals_the_target()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = zeros([1, 2], float64).requires_grad_();

        // Labels 2 and 6 at even odds expect 4.
        Tensor loss = new GeneralizedFocalLoss(2).forward(nn.functional.log_softmax(logits, 1), tensor([4.0]), tensor(2.0), tensor(6.0));
        loss.backward();

        Assert.Equal(0, loss.item<double>(), 1e-12);
        Assert.Equal(0, logits.grad!.abs().max().item<double>(), 1e-12);
    }

    [Fact]
    public void A_negative_exponent_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new GeneralizedFocalLoss(-1));

    private static void AssertSame(Tensor loss, Tensor leaf, Tensor other, Tensor otherLeaf)
    {
        loss.backward();
        other.backward();
        Assert.Equal(other.item<double>(), loss.item<double>(), 1e-9 * Math.Max(1, Math.Abs(other.item<double>())));
        Tensor deviation = (leaf.grad! - otherLeaf.grad!).abs() / otherLeaf.grad!.abs().clamp_min(1);
        Assert.True(deviation.max().item<double>() < 1e-9, $"gradients differ by {deviation.max().item<double>()}");
    }
}
