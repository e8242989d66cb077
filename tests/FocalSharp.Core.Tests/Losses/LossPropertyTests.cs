using CsCheck;
using FocalSharp.Losses;
using FocalSharp.Losses.Vectorized;

namespace FocalSharp.Core.Tests.Losses;

/// <summary>The algebra of the paper, section 3, for any numbers.</summary>
public sealed class LossPropertyTests
{
    private static readonly Gen<double> Logit = Gen.Double[-12, 12];
    private static readonly Gen<double> Unit = Gen.Double[0, 1];
    private static readonly Gen<double> Beta = Gen.OneOf(Gen.Const(1.0), Gen.Const(2.0), Gen.Const(2.5), Gen.Double[1, 4]);

    private static readonly double[] Extremes = [-100, -50, -1, 0, 1, 50, 100];

    [Fact]
    public void Quality_focal_loss_of_a_hard_target_is_focal_loss_without_alpha() =>
        Gen.Select(Logit, Gen.Bool, Beta).Sample((x, positive, beta) =>
        {
            double y = positive ? 1 : 0;
            Close(FocalLossFormula.Evaluate(x, y, beta), QualityFocalLossFormula.Evaluate(x, y, beta));
        });

    [Fact]
    public void Quality_focal_loss_is_smallest_where_the_score_equals_the_quality() =>
        Gen.Select(Gen.Double[0.02, 0.98], Logit, Beta).Sample((y, x, beta) =>
        {
            LossAndGradient<double> best = QualityFocalLossFormula.Evaluate(Math.Log(y / (1 - y)), y, beta);
            Assert.True(best.Loss < 1e-12);
            LossAndGradient<double> other = QualityFocalLossFormula.Evaluate(x, y, beta);
            Assert.True(other.Loss >= best.Loss);
            double p = Sigmoid.Compute(x);
            Assert.True(Math.Abs(p - y) < 1e-6 || Math.Sign(other.Gradient) == Math.Sign(p - y), "the gradient leads to the minimum");
        });

    [Fact]
    public void Distribution_focal_loss_is_smallest_at_the_interpolation_of_two_bins_whose_expectation_is_the_target() =>
        Gen.Select(Gen.Double[0.01, 6.99], Gen.Double[-3, 3].Array[8]).Sample((y, logits) =>
        {
            int left = (int)y;
            double right = y - left;
            double[] optimum = new double[8];
            Array.Fill(optimum, -60);
            optimum[left] = Math.Log(Math.Max(1 - right, 1e-12));
            optimum[left + 1] = Math.Log(Math.Max(right, 1e-12));
            double[] gradient = new double[8];
            double min = DistributionFocalLossFormula.Evaluate<double>(optimum, y, gradient);
            Assert.True(gradient.Max(Math.Abs) < 1e-9);
            Assert.True(DistributionFocalLossFormula.Evaluate<double>(logits, y, gradient) >= min);
            double expectation = optimum.Select((z, bin) => Math.Exp(z) * bin).Sum();
            Assert.Equal(y, expectation, 1e-9);
        });

    [Fact]
    public void Generalized_focal_loss_is_smallest_at_the_interpolation_whose_expectation_is_the_target() =>
        Gen.Select(Gen.Double[-5, 5], Gen.Double[0.1, 5], Gen.Double[0.05, 0.95], Beta, Gen.Double[0.01, 0.99]).Sample((yl, width, at, beta, p) =>
        {
            double yr = yl + width;
            double y = yl + (at * width);
            GeneralizedFocalLossValue<double> best = GeneralizedFocalLossFormula.Evaluate(1 - at, at, y, yl, yr, beta);
            Assert.True(best.Loss < 1e-9);
            GeneralizedFocalLossValue<double> other = GeneralizedFocalLossFormula.Evaluate(1 - p, p, y, yl, yr, beta);
            Assert.True(other.Loss >= best.Loss);

            // Without the modulator the minimum is the same, and not 0: along p_l + p_r = 1 the derivative vanishes.
            GeneralizedFocalLossValue<double> plain = GeneralizedFocalLossFormula.Evaluate(1 - at, at, y, yl, yr, 0.0);
            Assert.Equal(plain.RightGradient, plain.LeftGradient, 1e-9);
            Assert.True(GeneralizedFocalLossFormula.Evaluate(1 - p, p, y, yl, yr, 0.0).Loss >= plain.Loss - 1e-12);
        });

    [Fact]
    public void Focal_and_quality_focal_loss_are_generalized_focal_loss_between_0_and_1() =>
        Gen.Select(Logit, Unit, Beta, Gen.Bool).Sample((x, y, beta, positive) =>
        {
            Close(QualityFocalLossFormula.Evaluate(x, y, beta), GeneralizedFocalLossFormula.EvaluateLogit(x, y, 0, 1, beta));
            double hard = positive ? 1 : 0;
            Close(FocalLossFormula.Evaluate(x, hard, beta), GeneralizedFocalLossFormula.EvaluateLogit(x, hard, 0, 1, beta));
        });

    [Fact]
    public void Distribution_focal_loss_is_generalized_focal_loss_between_two_bins_with_beta_0() =>
        Gen.Select(Gen.Double[0, 6.99], Gen.Double[-3, 3].Array[8]).Sample((y, logits) =>
        {
            int left = (int)y;
            double[] gradient = new double[8];
            double loss = DistributionFocalLossFormula.Evaluate<double>(logits, y, gradient);
            double sum = logits.Sum(Math.Exp);
            double[] p = [.. logits.Select(z => Math.Exp(z) / sum)];
            GeneralizedFocalLossValue<double> general =
                GeneralizedFocalLossFormula.Evaluate(p[left], p[left + 1], y, left, left + 1.0, 0.0);
            Assert.Equal(general.Loss, loss, 1e-9);

            // Through the softmax: dz_k = Σ_j dp_j·p_j·(δ_jk − p_k).
            double mean = (general.LeftGradient * p[left]) + (general.RightGradient * p[left + 1]);
            for (int k = 0; k < 8; k++)
            {
                double own = k == left ? general.LeftGradient : k == left + 1 ? general.RightGradient : 0;
                Assert.Equal(p[k] * (own - mean), gradient[k], 1e-9);
            }
        });

    [Fact]
    public void The_logit_form_is_the_probability_form() =>
        Gen.Select(Logit, Gen.Double[-5, 5], Gen.Double[0.1, 5], Unit, Beta).Sample((x, yl, width, at, beta) =>
        {
            double yr = yl + width;
            double y = Math.Clamp(yl + (at * width), yl, yr);
            double p = Sigmoid.Compute(x);
            if (beta == 1 && Math.Abs(p - at) < 1e-9)
            {
                return; // |y − ŷ| has no derivative at 0
            }

            GeneralizedFocalLossValue<double> value = GeneralizedFocalLossFormula.Evaluate(1 - p, p, y, yl, yr, beta);
            LossAndGradient<double> logit = GeneralizedFocalLossFormula.EvaluateLogit(x, y, yl, yr, beta);
            Assert.Equal(value.Loss, logit.Loss, 1e-6 * Math.Max(1, value.Loss));
            double slope = (value.RightGradient - value.LeftGradient) * p * (1 - p);
            Assert.Equal(slope, logit.Gradient, 1e-6 * Math.Max(1, Math.Abs(slope)));
        });

    [Fact]
    public void Gradients_of_the_score_losses_are_finite_differences() =>
        Gen.Select(Logit, Unit, Beta).Where((x, y, _) => Math.Abs(Sigmoid.Compute(x) - y) > 1e-3).Sample((x, y, beta) =>
        {
            Differentiates(at => QualityFocalLossFormula.Evaluate(at, y, beta), x);
            Differentiates(at => FocalLossFormula.Evaluate(at, y, beta, 0.25), x);
            Differentiates(at => VarifocalLossFormula.Evaluate(at, y, 0.75, beta), x);
            Differentiates(at => VarifocalLossFormula.Evaluate(at, 0, 0.75, beta), x);
            Differentiates(at => GeneralizedFocalLossFormula.EvaluateLogit(at, (4 * y) - 2, -2, 2, beta), x);
            Differentiates(at => QualityFocalLossFormula.EvaluateProbability(at, y, beta), Math.Clamp(Sigmoid.Compute(x), 0.05, 0.95));
        });

    [Fact]
    public void The_gradient_of_distribution_focal_loss_is_the_finite_difference() =>
        Gen.Select(Gen.Double[0, 7], Gen.Double[-3, 3].Array[8], Gen.Int[0, 7]).Sample((y, logits, bin) =>
        {
            double[] gradient = new double[8];
            Differentiates(
                at =>
                {
                    double[] moved = [.. logits];
                    moved[bin] = at;
                    double loss = DistributionFocalLossFormula.Evaluate<double>(moved, y, gradient);
                    return new(loss, gradient[bin]);
                },
                logits[bin]);
        });

    [Fact]
    public void Gradients_of_the_box_losses_are_finite_differences() =>
        Gen.Select(Gen.Double[0, 20].Array[8], Gen.Int[0, 7], Gen.Enum<BoxLossKind>()).Sample((edges, edge, kind) =>
        {
            double[] boxes = [edges[0], edges[1], edges[0] + edges[2] + 1, edges[1] + edges[3] + 1, edges[4], edges[5], edges[4] + edges[6] + 1, edges[5] + edges[7] + 1];

            // Not at the kinks, nor where CIoU's switch at IoU 0.5 or a clamp is near; CIoU's α is a constant by definition.
            double iou = 1 - Value(BoxLossKind.IouLinear, boxes);
            bool kink = Math.Abs(iou - 0.5) < 1e-3 || iou < 1e-3 || Enumerable.Range(0, 4).Any(i =>
                Math.Abs(boxes[i] - boxes[4 + i]) < 1e-3 || Math.Abs(boxes[i] - boxes[4 + ((i + 2) % 4)]) < 1e-3);
            if (kink || (kind == BoxLossKind.Ciou && iou > 0.5))
            {
                return;
            }

            Differentiates(
                at =>
                {
                    double[] moved = [.. boxes];
                    moved[edge] = at;
                    double[] gradient = new double[8];
                    double loss = BoxLossFormula.Evaluate<double>(
                        kind, moved.AsSpan(0, 4), moved.AsSpan(4, 4), gradient.AsSpan(0, 4), gradient.AsSpan(4, 4), 1e-6);
                    return new(loss, gradient[edge]);
                },
                boxes[edge]);
        });

    [Fact]
    public void Nothing_overflows_at_extreme_logits_and_boundary_targets()
    {
        foreach (double x in Extremes)
        {
            foreach (double y in (double[])[0, 0.3, 1])
            {
                foreach (double beta in (double[])[0, 0.5, 1, 2, 2.5])
                {
                    Finite(QualityFocalLossFormula.Evaluate(x, y, beta), FocalLossFormula.Evaluate(x, y, beta, 0.25));
                    Finite(VarifocalLossFormula.Evaluate(x, y, 0.75, beta), GeneralizedFocalLossFormula.EvaluateLogit(x, y, 0, 1, beta));
                    Finite(QualityFocalLossFormula.EvaluateProbability(Sigmoid.Compute(x), y, beta));
                    LossAndGradient<float> single = QualityFocalLossFormula.Evaluate((float)x, (float)y, (float)beta);
                    Assert.True(float.IsFinite(single.Loss) && float.IsFinite(single.Gradient));
                    double p = Sigmoid.Compute(x);
                    GeneralizedFocalLossValue<double> general = GeneralizedFocalLossFormula.Evaluate(1 - p, p, y, 0, 1, beta);
                    Assert.True(double.IsFinite(general.Loss) && double.IsFinite(general.LeftGradient) && double.IsFinite(general.RightGradient));
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6.999)]
    [InlineData(7)]
    public void Distribution_focal_loss_takes_whole_and_boundary_targets(double target)
    {
        float[] logits = [100, -100, 50, -50, 0, 0, 1, -1];
        float[] gradient = new float[8];
        Assert.True(float.IsFinite(DistributionFocalLossFormula.Evaluate<float>(logits, (float)target, gradient)));
        Assert.All(gradient, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Distribution_focal_loss_at_the_last_bin_is_its_cross_entropy()
    {
        double[] gradient = new double[3];
        double loss = DistributionFocalLossFormula.Evaluate<double>([0, 0, Math.Log(2)], 2, gradient);
        Assert.Equal(Math.Log(2), loss, 1e-15);
        double[] expected = [0.25, 0.25, -0.5];
        Assert.All(expected.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-15));
    }

    [Fact]
    public void Identical_boxes_have_no_loss()
    {
        float[] box = [3, 4, 103, 54];
        float[] gradient = new float[4];
        Assert.All(Enum.GetValues<BoxLossKind>(), kind =>
        {
            Assert.Equal(0, BoxLossFormula.Evaluate<float>(kind, box, box, gradient, [], 1e-6f), 1e-6f);
            Assert.All(gradient, value => Assert.True(float.IsFinite(value)));
        });
    }

    [Fact]
    public void Targets_beyond_their_labels_are_rejected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GeneralizedFocalLossFormula.EvaluateLogit(0, 3.0, 0, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => GeneralizedFocalLossFormula.EvaluateLogit(0, 1.0, 2, 0, 2));
    }

    // −2 counts as 0 and n + 3.5 as n, in every implementation: the formula in both types, rows of any width, and single rows. The vectorized code
    // processes rows of 16 to 32 bins in registers and others in a loop.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(50)]
    public void Distribution_targets_beyond_the_bins_count_as_the_nearest_bin(int bins)
    {
        float[] logits = [.. Enumerable.Range(0, bins).Select(i => MathF.Sin(i * 1.7f) * 3)];
        double[] exact = Array.ConvertAll(logits, value => (double)value);
        foreach ((float target, int nearest) in new[] { (-2f, 0), (-1e-6f, 0), (float.MinValue, 0), (bins + 2.5f, bins - 1), (1e30f, bins - 1) })
        {
            // Cross-entropy on the nearest bin: log Σ exp(x) − x.
            double expected = Math.Log(exact.Sum(Math.Exp)) - exact[nearest];
            double[] expectedGradient = [.. exact.Select((x, i) => (Math.Exp(x) / exact.Sum(Math.Exp)) - (i == nearest ? 1 : 0))];

            double[] doubles = new double[bins];
            Assert.Equal(expected, DistributionFocalLossFormula.Evaluate<double>(exact, target, doubles), 1e-9);
            Assert.All(expectedGradient.Zip(doubles), pair => Assert.Equal(pair.First, pair.Second, 1e-9));

            float[] floats = new float[bins];
            Assert.Equal(expected, DistributionFocalLossFormula.Evaluate<float>(logits, target, floats), 1e-4);
            Assert.All(expectedGradient.Zip(floats), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

            // 19 rows: more than one vector of rows, and a rest.
            float[] rows = [.. Enumerable.Repeat(logits, 19).SelectMany(row => row)];
            float[] gradients = new float[rows.Length];
            Assert.Equal(19 * expected, DistributionFocalRows.Evaluate(rows, Enumerable.Repeat(target, 19).ToArray(), [], 1, gradients), 2e-3);
            Assert.All(gradients.Chunk(bins), row => Assert.All(expectedGradient.Zip(row), pair => Assert.Equal(pair.First, pair.Second, 1e-5)));
        }
    }

    [Fact]
    public void Distribution_targets_that_are_not_a_number_give_a_loss_that_is_none() =>
        Assert.True(double.IsNaN(DistributionFocalLossFormula.Evaluate<double>([0, 0, 0, 0], double.NaN, new double[4])));

    private static double Value(BoxLossKind kind, double[] boxes) =>
        BoxLossFormula.Evaluate<double>(kind, boxes.AsSpan(0, 4), boxes.AsSpan(4, 4), new double[4], [], 1e-6);

    private static void Finite(params LossAndGradient<double>[] values) => Assert.All(values, value =>
        Assert.True(double.IsFinite(value.Loss) && double.IsFinite(value.Gradient)));

    private static void Close(LossAndGradient<double> expected, LossAndGradient<double> actual)
    {
        Assert.Equal(expected.Loss, actual.Loss, 1e-12 * Math.Max(1, expected.Loss));
        Assert.Equal(expected.Gradient, actual.Gradient, 1e-12 * Math.Max(1, Math.Abs(expected.Gradient)));
    }

    private static void Differentiates(Func<double, LossAndGradient<double>> function, double x)
    {
        const double Step = 1e-5;
        double difference = (function(x + Step).Loss - function(x - Step).Loss) / (2 * Step);
        double gradient = function(x).Gradient;
        Assert.Equal(difference, gradient, 1e-5 * Math.Max(1, Math.Abs(gradient)));
    }
}
