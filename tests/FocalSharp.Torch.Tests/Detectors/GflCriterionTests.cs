using FocalSharp.Assignment;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

public sealed class GflCriterionTests
{
    private static readonly GflHeadOptions Head = new() { Strides = [8, 16], RegMax = 7 };

    [Fact]
    public void Without_objects_the_box_losses_are_zero_and_every_level_still_has_a_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output(2, logit: -2);

        LossTerms terms = Criterion().Compute(output, [new([], [], 64, 64), new([], [], 64, 64)]);
        terms.Total().backward();

        Assert.Equal(0, terms.Positives);
        Assert.Equal((0f, 0f), (terms.Box.item<float>(), terms.Distribution.item<float>()));
        Assert.True(terms.Classification.item<float>() > 0);
        Assert.All(output.BoxDistributionLogits, sides => Assert.Equal(0, sides.grad!.abs().sum().item<float>()));
        Assert.All(output.Scores, scores => Assert.True(scores.grad!.abs().sum().item<float>() > 0));
    }

    [Fact]
    public void Where_the_padding_lies_nothing_is_learnt()
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output(1, logit: 0);

        Criterion().Compute(output, [new([4, 4, 28, 30], [1], 30, 32)]).Total().backward();

        // 30 x 32 rounds up to 32 x 32: the left upper quarter of the 64 x 64 input.
        Tensor gradient = output.Scores[0].grad!.abs().sum([0, 1]);
        Assert.True(gradient.slice(0, 0, 4, 1).slice(1, 0, 4, 1).min().item<float>() > 0);
        Assert.Equal(0, gradient.slice(0, 4, 8, 1).sum().item<float>() + gradient.slice(1, 4, 8, 1).sum().item<float>());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(-100)]
    public void Extreme_logits_give_finite_losses_and_gradients(double logit)
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output(1, logit);
        using (no_grad())
        {
            output.BoxDistributionLogits[0].narrow(1, 3, 9).fill_(logit);
        }

        LossTerms terms = Criterion().Compute(output, [new([3, 5, 62, 60], [2], 64, 64)]);
        terms.Total().backward();

        Assert.True(terms.Positives > 0);
        Assert.True(float.IsFinite(terms.Total().item<float>()));
        Assert.All(output.Scores.Concat(output.BoxDistributionLogits), map => Assert.True(map.grad!.isfinite().all().item<bool>()));
    }

    [Fact]
    public void The_levels_sum_to_the_whole()
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output(2, logit: 0.3);
        GroundTruth[] truths = [new([3, 5, 62, 60, 8, 9, 64, 62], [2, 0], 64, 64), new([20, 4, 52, 30], [1], 60, 40)];

        LossTerms terms = Criterion().Compute(output, truths);
        LevelLossTerms levels = Criterion().ComputeByLevel(output, truths);

        Assert.True(terms.Positives > 0);
        Assert.Equal(terms.Classification.item<float>(), levels.Classification.sum().item<float>(), 1e-5f);
        Assert.Equal(terms.Box.item<float>(), levels.Box.sum().item<float>(), 1e-5f);
        Assert.Equal(terms.Distribution.item<float>(), levels.Distribution.sum().item<float>(), 1e-5f);
    }

    [Fact]
    public void Maps_in_bfloat16_are_brought_to_float32_and_get_their_gradient_back()
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output(1, logit: 0.3);
        HeadOutput narrow = new([.. output.Scores.Select(map => map.to(bfloat16))], [.. output.BoxDistributionLogits.Select(map => map.to(bfloat16))]);

        LossTerms terms = Criterion().Compute(narrow, [new([3, 5, 62, 60], [2], 64, 64)]);
        terms.Total().backward();

        Assert.Equal(ScalarType.Float32, terms.Total().dtype);
        Assert.All(output.Scores, map => Assert.NotNull(map.grad));
    }

    [Fact]
    public void Computing_leaves_no_tensor_behind_but_the_terms()
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output(1, logit: 0.3);
        int before = scope.DisposablesCount;

        using LossTerms terms = Criterion().Compute(output, [new([3, 5, 62, 60], [2], 64, 64)]);

        Assert.Equal(3, scope.DisposablesCount - before);
    }

    [Fact]
    public void A_label_beyond_the_classes_is_named()
    {
        using DisposeScope scope = NewDisposeScope();

        FocalSharpException error = Assert.ThrowsAny<FocalSharpException>(
            () => Criterion().Compute(Output(1, 0), [new([3, 5, 62, 60], [3], 64, 64)]));

        Assert.Contains("class 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_objects_are_named()
    {
        using DisposeScope scope = NewDisposeScope();

        Assert.Throws<ArgumentNullException>("targets", () => Criterion().Compute(Output(1, 0), null!));
        Assert.Throws<ArgumentException>("targets", () => Criterion().Compute(Output(1, 0), [null!]));
        Assert.Throws<ArgumentNullException>("Boxes", () => new GroundTruth(null!, [0], 64, 64));
        Assert.Throws<ArgumentNullException>("options", () => new GflCriterion(Head, null!, classes: 3));
    }

    private static GflCriterion Criterion() => new(Head, new GflLossOptions(), classes: 3);

    private static HeadOutput Output(int images, double logit)
    {
        Generator generator = new(7, CPU);
        Tensor Map(int channels, int side, double value) => (rand(
            [images, channels, side, side], generator: generator) + (value - 0.5)).requires_grad_();
        return new HeadOutput([Map(3, 8, logit), Map(3, 4, logit)], [Map(32, 8, 0), Map(32, 4, 0)]);
    }
}
