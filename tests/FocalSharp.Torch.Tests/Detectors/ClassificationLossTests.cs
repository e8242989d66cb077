using FocalSharp.Assignment;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

/// <summary>What stands in the place of the Quality Focal Loss, and what is left out of it.</summary>
public sealed class ClassificationLossTests
{
    private static readonly GflHeadOptions Head = new() { Strides = [8, 16], RegMax = 7 };
    private static readonly GroundTruth[] GroundTruth = [new([4, 4, 44, 50], [1], 64, 64)];

    [Fact]
    public void Focal_loss_asks_for_1_at_positives_and_for_0_elsewhere()
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output(-1);
        LossTerms terms = new GflCriterion(Head, new GflLossOptions { Classification = new FocalLossOptions() }, 3).Compute(output, GroundTruth);

        // All logits are -1: every positive costs α(1 − p)² · −log p, every other of the 3 · 80 scores (1 − α)p² · −log(1 − p).
        double p = 1 / (1 + Math.E);
        double positive = 0.25 * Math.Pow(1 - p, 2) * -Math.Log(p);
        double negative = 0.75 * p * p * -Math.Log(1 - p);
        int count = terms.Positives;
        Assert.True(count > 0);
        Assert.Equal(((count * positive) + ((240 - count) * negative)) / count, terms.Classification.item<float>(), 1e-4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_sure_score_that_no_object_asks_for_is_left_alone_where_labels_may_be_missing(bool fuses)
    {
        using DisposeScope scope = NewDisposeScope();
        (HeadOutput plain, HeadOutput ignored) = (Output(-3), Output(-3));
        foreach (HeadOutput output in new[] { plain, ignored })
        {
            using IDisposable guard = no_grad();
            output.Scores[0][0, 2, 7, 7] = tensor(2f); // far from the object, σ(2) = 0.88
        }

        LossTerms before = new GflCriterion(Head, new GflLossOptions(), 3) { UseFusedKernels = fuses }.Compute(plain, GroundTruth);
        LossTerms after = new GflCriterion(Head, new GflLossOptions { IgnoreNegativesAbove = 0.6 }, 3) { UseFusedKernels = fuses }.Compute(ignored, GroundTruth);
        before.Total().backward();
        after.Total().backward();

        double cost = Math.Pow(1 / (1 + Math.Exp(-2)), 2) * Math.Log(1 + Math.Exp(2)) / before.Positives;
        Assert.Equal(before.Classification.item<float>() - cost, after.Classification.item<float>(), 1e-4);
        Assert.Equal(before.Box.item<float>(), after.Box.item<float>());
        Assert.True(plain.Scores[0].grad![0, 2, 7, 7].item<float>() > 0);
        Assert.Equal(0, ignored.Scores[0].grad![0, 2, 7, 7].item<float>());
        using Tensor rest = (plain.Scores[0].grad! - ignored.Scores[0].grad!).abs();
        Assert.Equal(rest[0, 2, 7, 7].item<float>(), rest.sum().item<float>(), 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_sure_score_of_an_object_still_learns_its_quality(bool fuses)
    {
        using DisposeScope scope = NewDisposeScope();
        (HeadOutput plain, HeadOutput ignored) = (Output(3), Output(3));
        new GflCriterion(Head, new GflLossOptions(), 3) { UseFusedKernels = fuses }.Compute(plain, GroundTruth).Total().backward();
        LossTerms terms = new GflCriterion(Head, new GflLossOptions { IgnoreNegativesAbove = 0.6 }, 3) { UseFusedKernels = fuses }.Compute(ignored, GroundTruth);
        terms.Total().backward();

        Assert.True(terms.Positives > 0);
        for (int level = 0; level < 2; level++)
        {
            // Everything is sure: what is left are the positives' own scores, as they were.
            using Tensor left = ignored.Scores[level].grad!.ne(0);
            using Tensor same = ignored.Scores[level].grad!.eq(plain.Scores[level].grad!);
            Assert.True(left.logical_not().logical_or(same).all().item<bool>());
        }

        Assert.Equal(terms.Positives, ignored.Scores.Sum(map => map.grad!.ne(0).sum().item<long>()));
    }

    [Fact]
    public void Options_out_of_range_are_rejected_with_their_name()
    {
        Rejected(new GflLossOptions { IgnoreNegativesAbove = 1 }, "IgnoreNegativesAbove");
        Rejected(new GflLossOptions { Classification = new FocalLossOptions { Alpha = 0 } }, "Alpha");
        Rejected(new GflLossOptions { Classification = new VarifocalLossOptions { Gamma = 0.5 } }, "Gamma");
        Rejected(new GflLossOptions { Box = new IouLossOptions { Epsilon = 0 } }, "Epsilon");
        Rejected(new GflLossOptions { BoxWeight = double.NaN }, "BoxWeight");

        static void Rejected(GflLossOptions options, string name) => Assert.Equal(name, Assert.Throws<OptionException>(options.Validate).OptionName);
    }

    private static HeadOutput Output(double logit) => new(
        [.. new[] { 8, 4 }.Select(side => full([1, 3, side, side], logit).requires_grad_(true))],
        [.. new[] { 8, 4 }.Select(side => zeros([1, 32, side, side]).requires_grad_(true))],
        scoresAreProbabilities: false);
}
