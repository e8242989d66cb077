using FocalSharp.Losses;
using FocalSharp.Losses.Vectorized;

namespace FocalSharp.Core.Tests.Losses.Vectorized;

public sealed class QualityFocalBackgroundTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3.7)]
    public void Loss_and_gradient_equal_the_closed_form_in_double_precision(double beta)
    {
        for (float logit = -40; logit <= 40; logit += 0.0137f)
        {
            float[] slopes = new float[1];
            double loss = QualityFocalBackground.Evaluate([logit], (float)beta, 1, slopes);
            LossAndGradient<double> exact = QualityFocalLossFormula.Evaluate((double)logit, 0, (float)beta);
            AssertNear(exact.Loss, loss, logit);
            AssertNear(exact.Gradient, slopes[0], logit);
        }

        // e^(β·log σ) loses what rounding β·log σ loses: some ulps at σ = e⁻⁴⁰.
        void AssertNear(double expected, double actual, float logit) => Assert.True(
            Math.Abs(expected - actual) <= (beta is 0 or 1 or 2 ? 8e-7 : 1.5e-5) * Math.Abs(expected) + 1e-37, $"{logit}: {actual} is not {expected}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public void Any_length_gives_the_sum_of_its_parts(int length)
    {
        float[] logits = [.. Enumerable.Range(0, length).Select(i => MathF.Sin(i) * 12)];
        float[] slopes = new float[length];
        double sum = QualityFocalBackground.Evaluate(logits, 2, 0.25f, slopes);
        Assert.Equal(logits.Sum(x => QualityFocalLossFormula.Evaluate((double)x, 0, 2).Loss), sum, 1e-5 * length);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(QualityFocalLossFormula.Evaluate((double)logits[i], 0, 2).Gradient / 4, slopes[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(-100)]
    [InlineData(3e38f)]
    [InlineData(-3e38f)]
    public void Extreme_logits_stay_finite(float logit)
    {
        float[] slopes = new float[1];
        double loss = QualityFocalBackground.Evaluate([logit], 2, 1, slopes);
        Assert.Equal(Math.Max(logit, 0f), loss, Math.Abs(logit) * 1e-6);
        Assert.Equal(logit > 0 ? 1 : 0, slopes[0], 1e-6);
    }

    [Fact]
    public void A_logit_of_NaN_makes_the_loss_NaN()
    {
        float[] logits = new float[20];
        logits[3] = float.NaN;
        Assert.True(double.IsNaN(QualityFocalBackground.Evaluate(logits, 2, 1, new float[20])));
    }
}
