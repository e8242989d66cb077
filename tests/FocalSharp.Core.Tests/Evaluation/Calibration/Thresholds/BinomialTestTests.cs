using FocalSharp.Evaluation.Calibration.Thresholds;

namespace FocalSharp.Core.Tests.Evaluation.Calibration.Thresholds;

public sealed class BinomialTestTests
{
    // By hand: P(X ≥ 2) of two tosses is 1/4; of three, (3 + 1) / 8; P(X ≥ 9) of ten at 0.9 is 10 · 0.9⁹ · 0.1 + 0.9¹⁰.
    [Theory]
    [InlineData(2, 2, 0.5, 0.25)]
    [InlineData(2, 3, 0.5, 0.5)]
    [InlineData(9, 10, 0.9, 0.7360989291)]
    [InlineData(0, 5, 0.3, 1)]
    [InlineData(6, 5, 0.3, 0)]
    [InlineData(5, 5, 0.3, 0.00243)]
    public void The_upper_tail_sums_the_binomial_probabilities(int successes, int count, double probability, double expected) =>
        Assert.Equal(expected, BinomialTest.UpperTail(successes, count, probability), 10);

    // All of n successes: the bound is the n-th root of 1 − confidence.
    [Theory]
    [InlineData(10, 0.9)]
    [InlineData(45, 0.95)]
    public void The_lower_bound_of_successes_only_is_a_root(int count, double confidence) =>
        Assert.Equal(Math.Pow(1 - confidence, 1.0 / count), BinomialTest.LowerBound(count, count, confidence), 9);

    // Published: Clopper and Pearson's 90 % two-sided interval of 8 of 10 begins at 0.4931 (the one-sided 95 % bound).
    [Fact]
    public void The_lower_bound_is_that_of_Clopper_and_Pearson() => Assert.Equal(0.4931, BinomialTest.LowerBound(8, 10, 0.95), 4);

    [Fact]
    public void No_success_has_the_bound_0() => Assert.Equal(0, BinomialTest.LowerBound(0, 10, 0.9));

    // 0.95⁴⁵ < 0.1 < 0.95⁴⁴.
    [Fact]
    public void A_rate_needs_a_number_of_examples() => Assert.Equal(45, BinomialTest.RequiredCount(0.95, 0.9));

    [Fact]
    public void Tails_of_many_trials_do_not_underflow() => Assert.Equal(0.5, BinomialTest.UpperTail(50_000, 100_000, 0.5), 2);
}
