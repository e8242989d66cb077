using FocalSharp.Detections.Calibration;

namespace FocalSharp.Core.Tests.Detections.Calibration;

public sealed class ConformalQuantileTests
{
    [Theory]
    [InlineData(9, 0.9, 9)] // ⌈10 · 0.9⌉: the largest of nine
    [InlineData(19, 0.95, 19)]
    [InlineData(99, 0.9, 90)]
    [InlineData(100, 0.9, 91)] // ⌈90.9⌉
    [InlineData(8, 0.9, 9)] // one too few
    public void The_rank_has_the_finite_sample_correction(int count, double level, int rank) => Assert.Equal(rank, ConformalQuantile.Rank(count, level));

    [Fact]
    public void The_quantile_is_the_value_of_the_rank() =>
        Assert.Equal(90, ConformalQuantile.Compute([.. Enumerable.Range(1, 99).Select(i => (double)i)], 0.9));

    [Fact]
    public void Too_few_values_give_no_finite_quantile() => Assert.Equal(double.PositiveInfinity, ConformalQuantile.Compute([1, 2, 3], 0.9));

    // Wilks: 1 − 0.95⁵⁹ > 0.95 > 1 − 0.95⁵⁸; 1 − 0.9²⁹ > 0.95 > 1 − 0.9²⁸; 1 − 0.8¹⁴ > 0.95 > 1 − 0.8¹³.
    [Theory]
    [InlineData(0.95, 59)]
    [InlineData(0.9, 29)]
    [InlineData(0.8, 14)]
    public void A_group_needs_as_many_values_as_bound_its_quantile(double level, int count) => Assert.Equal(count, ConformalQuantile.RequiredCount(level));

    // Of n + 1 exchangeable values, each is equally likely to be the new one: exactly rank / (n + 1) of them do not exceed the quantile of the others.
    [Theory]
    [InlineData(19, 0.8)]
    [InlineData(50, 0.9)]
    [InlineData(64, 0.95)]
    public void Leaving_each_of_n_plus_1_values_out_covers_exactly_rank_of_them(int count, double level)
    {
        double[] values = [.. Enumerable.Range(0, count + 1).Select(i => (double)i)];
        int covered = values.Count(left => left <= ConformalQuantile.Compute([.. values.Where(value => value != left)], level));
        Assert.Equal(ConformalQuantile.Rank(count, level), covered);
    }
}
