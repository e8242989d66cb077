using FocalSharp.Losses;
using FocalSharp.Losses.Vectorized;

namespace FocalSharp.Core.Tests.Losses.Vectorized;

public sealed class DistributionFocalRowsTests
{
    [Theory]
    [MemberData(nameof(SoftmaxRowTests.Lengths), MemberType = typeof(SoftmaxRowTests))]
    public void Rows_of_any_length_equal_the_closed_form_in_double_precision(int bins)
    {
        const int Rows = 203;
        float[] logits = [.. Enumerable.Range(0, Rows * bins).Select(k => MathF.Sin(k * 1.7f) * (k / bins % 20))];
        float[] targets = [.. Enumerable.Range(0, Rows).Select(row => row % 7 == 0 ? bins - 1 : (bins - 1) * (row % 31) / 31f)];
        float[] factors = [.. Enumerable.Range(0, Rows).Select(row => 1 + (row % 3))];
        float[] slopes = new float[logits.Length];
        double sum = DistributionFocalRows.Evaluate(logits, targets, factors, 0.5f, slopes);

        double expected = 0;
        double[] exact = new double[bins];
        for (int row = 0; row < Rows; row++)
        {
            float[] one = logits[(row * bins)..((row + 1) * bins)];
            double factor = factors[row] * 0.5;
            double loss = DistributionFocalLossFormula.Evaluate(Array.ConvertAll(one, x => (double)x), targets[row], exact);
            Assert.Equal(loss, DistributionFocalRows.Evaluate(one, [targets[row]], [], 1, new float[bins]), 1e-5);
            expected += factor * loss;
            for (int k = 0; k < bins; k++)
            {
                Assert.Equal(factor * exact[k], slopes[(row * bins) + k], 1e-6 * factor);
            }
        }

        Assert.Equal(expected, sum, 1e-6 * expected);
    }

    [Fact]
    public void Without_factors_of_their_own_all_rows_have_the_common_one()
    {
        float[] logits = new float[3 * 17];
        float[] slopes = new float[logits.Length];
        double sum = DistributionFocalRows.Evaluate(logits, [0, 4.25f, 16], [], 2, slopes);

        Assert.Equal(6 * Math.Log(17), sum, 1e-5);
        Assert.Equal((2 / 17.0) - 2, slopes[0], 1e-6);
        Assert.Equal((2 / 17.0) - 1.5, slopes[17 + 4], 1e-6);
        Assert.Equal((2 / 17.0) - 0.5, slopes[17 + 5], 1e-6);
        Assert.Equal((2 / 17.0) - 2, slopes[34 + 16], 1e-6);
    }

    [Theory]
    [InlineData(8, float.NaN)]
    [InlineData(17, float.NaN)]
    [InlineData(40, float.NaN)]
    [InlineData(8, float.PositiveInfinity)]
    [InlineData(17, float.PositiveInfinity)]
    [InlineData(40, float.PositiveInfinity)]
    public void NaN_in_a_row_makes_the_loss_NaN(int bins, float wrong)
    {
        for (int k = 0; k < bins; k++)
        {
            float[] logits = new float[bins];
            logits[k] = wrong;
            Assert.True(double.IsNaN(DistributionFocalRows.Evaluate(logits, [2.5f], [], 1, new float[bins])), $"bin {k}");
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(17)]
    public void A_target_of_NaN_gives_NaN(int bins) =>
        Assert.True(double.IsNaN(DistributionFocalRows.Evaluate(new float[bins], [float.NaN], [], 1, new float[bins])));
}
