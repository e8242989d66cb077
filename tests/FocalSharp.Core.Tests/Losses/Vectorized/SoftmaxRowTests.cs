using FocalSharp.Distributions;
using FocalSharp.Losses.Vectorized;

namespace FocalSharp.Core.Tests.Losses.Vectorized;

public sealed class SoftmaxRowTests
{
    /// <summary>Rows shorter than a vector, of one, of two that overlap or not, and of more.</summary>
    public static TheoryData<int> Lengths => [2, 8, 11, 16, 17, 25, 32, 33, 40];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Rows_of_any_length_equal_the_softmax_in_double_precision(int bins)
    {
        for (int trial = 0; trial < 200; trial++)
        {
            float[] logits = [.. Enumerable.Range(0, bins).Select(k => MathF.Sin((k * 1.7f) + trial) * (trial % 20))];
            float[] probabilities = new float[bins];
            (float highest, float sum) = SoftmaxRow.Fill(logits, probabilities, 3);

            double[] exact = new double[bins];
            (double expectedHighest, double expectedLog) = Softmax.Fill<double>(Array.ConvertAll(logits, x => (double)x), exact);
            Assert.Equal(expectedHighest, highest);
            Assert.Equal(expectedLog, Math.Log(sum), 1e-6);
            for (int k = 0; k < bins; k++)
            {
                Assert.Equal(3 * exact[k], probabilities[k], 1e-6);
            }
        }
    }

    [Fact]
    public void Probabilities_may_replace_the_logits_and_sum_to_one()
    {
        float[] row = [.. Enumerable.Range(0, 17).Select(k => k * 3f)];
        (float highest, float sum) = SoftmaxRow.Fill(row, row);
        Assert.Equal(48, highest);
        Assert.Equal(1 / (1 - Math.Exp(-3)), sum, 1e-6);
        Assert.Equal(1, row.Sum(), 1e-6);
    }
}
