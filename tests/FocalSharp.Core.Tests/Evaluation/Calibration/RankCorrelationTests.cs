using CsCheck;
using FocalSharp.Evaluation.Calibration;

namespace FocalSharp.Core.Tests.Evaluation.Calibration;

public sealed class RankCorrelationTests
{
    [Fact]
    public void Equal_values_share_their_mean_rank() => Assert.Equal([1, 3.5, 2, 3.5, 5], RankCorrelation.Ranks([1, 3, 2, 3, 9]));

    // Without ties ρ = 1 − 6·Σd²/(n³ − n); here d = 1, −1, 0, 1, −1.
    [Fact]
    public void Follows_the_rank_difference_formula() =>
        Assert.Equal(1 - (6 * 4 / 120.0), RankCorrelation.Spearman([2, 1, 3, 5, 4], [1, 2, 3, 4, 5]), 12);

    // Ranks 1.5, 1.5, 3, 4 against 1..4: cov 4.5, var 4.5 and 5.
    [Fact]
    public void Ties_are_corrected() => Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), RankCorrelation.Spearman([7, 7, 8, 9], [1, 2, 3, 4]), 12);

    [Fact]
    public void Only_the_order_matters() =>
        Gen.Int[1, 1000].Array[3, 30].Where(numbers => numbers.Distinct().Count() > 1).Sample(numbers => // undefined for a constant
        {
            double[] values = [.. numbers.Select(number => number / 100.0)];
            Assert.Equal(1, RankCorrelation.Spearman(values, [.. values.Select(value => Math.Exp(value))]), 9);
            Assert.Equal(-1, RankCorrelation.Spearman(values, [.. values.Select(value => -Math.Pow(value, 3))]), 9);
        });

    [Fact]
    public void Is_undefined_for_a_constant()
    {
        Assert.True(double.IsNaN(RankCorrelation.Spearman([1, 2, 3], [5, 5, 5])));
        Assert.True(double.IsNaN(RankCorrelation.Spearman([], [])));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1], []));
    }
}
