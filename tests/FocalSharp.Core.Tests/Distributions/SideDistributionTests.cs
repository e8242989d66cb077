using CsCheck;
using FocalSharp.Distributions;

namespace FocalSharp.Core.Tests.Distributions;

public sealed class SideDistributionTests
{
    private static readonly Gen<float[]> Logits = Gen.Float[-20, 20].Array[2, 33];

    [Fact]
    public void Equal_logits_give_the_uniform_distribution()
    {
        SideDistribution uniform = SideDistribution.FromLogits(new float[5], unit: 8);

        Assert.Equal(16, uniform.Mean, 1e-12);
        Assert.Equal(8 * Math.Sqrt(2), uniform.StandardDeviation, 1e-12);
        Assert.Equal(Math.Log(5), uniform.Entropy, 1e-12);
        Assert.Equal(16, uniform.Quantile(0.5), 1e-12);
    }

    [Fact]
    public void A_certain_bin_has_neither_deviation_nor_entropy()
    {
        SideDistribution certain = SideDistribution.FromLogits([-100, 100, -100]);

        Assert.Equal((1, 0, 0), (certain.Mean, Math.Round(certain.StandardDeviation, 12), Math.Round(certain.Entropy, 12)));
        Assert.Equal([new DistributionMode(1, 1)], certain.Modes());
    }

    [Fact]
    public void Two_peaks_are_ordered_by_probability()
    {
        SideDistribution ambiguous = SideDistribution.FromLogits([0, 3, 0, -2, 0, 4, 0], unit: 16);

        Assert.Equal([5 * 16.0, 1 * 16.0], ambiguous.Modes().Select(mode => mode.Distance));
        Assert.Single(ambiguous.Modes(max: 1));
    }

    [Fact]
    public void Quantiles_rise_from_nothing_to_the_last_bin() => Logits.Sample(logits =>
    {
        SideDistribution side = SideDistribution.FromLogits(logits);
        double[] quantiles = [.. new[] { 0, 0.1, 0.5, 0.9, 1 }.Select(side.Quantile)];
        Assert.Equal(quantiles.Order(), quantiles);
        Assert.InRange(quantiles[0], 0, logits.Length - 1);
        Assert.InRange(quantiles[^1], 0, logits.Length - 1);
    });

    [Fact]
    public void The_fast_moments_agree_with_the_exact_ones() => Logits.Sample(logits =>
    {
        SideDistribution exact = SideDistribution.FromLogits(logits);
        (float mean, float deviation) = DistributionMath.Moments(logits);
        Assert.Equal(exact.Mean, mean, 1e-4);
        Assert.Equal(exact.StandardDeviation, deviation, 1e-4);
    });

    [Fact]
    public void Mirrored_logits_mirror_the_mean() => Logits.Sample(logits =>
        Assert.Equal(logits.Length - 1, DistributionMath.Expectation(logits) + DistributionMath.Expectation([.. logits.Reverse()]), 1e-3f));

    [Fact]
    public void A_probability_outside_zero_to_one_is_rejected() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SideDistribution.FromLogits([0, 1]).Quantile(1.5));
}
