using FocalSharp.Reporting.Charts;

namespace FocalSharp.Reporting.Tests.Charts;

public sealed class CurvesTests
{
    [Fact]
    public void Thinning_keeps_short_curves_and_takes_means_of_long_ones()
    {
        (double, double)[] line = [.. Enumerable.Range(0, 10).Select(i => ((double)i, 2.0 * i))];

        Assert.Same(line, Curves.Downsample(line, 10));
        Assert.Equal([(1, 2), (4, 8), (7, 14), (9, 18)], Curves.Downsample(line, 4));
    }

    [Fact]
    public void Smoothing_leaves_straight_lines_and_their_ends_alone()
    {
        (double, double)[] line = [.. Enumerable.Range(0, 200).Select(i => ((double)i, 3.0 * i))];

        Assert.All(Curves.Smooth(line).Zip(line), pair => Assert.Equal(pair.Second.Item2, pair.First.Y, 9));
    }
}
