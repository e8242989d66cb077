using FocalSharp.Models.Export;
using FocalSharp.Torch.Onnx.Quantization;

namespace FocalSharp.Models.Tests.Export;

public sealed class FeatureHistogramTests
{
    [Fact]
    public void The_whole_range_is_what_was_seen_and_0()
    {
        FeatureHistogram histogram = new();
        histogram.Add([0.5f, 3, float.NaN, float.PositiveInfinity, 2]);
        Assert.Equal(new ActivationRange(0, 3), histogram.ComputeRange(CalibrationMethod.MinMax));
        histogram.Add([-7, 100]);
        Assert.Equal(new ActivationRange(-7, 100), histogram.ComputeRange(CalibrationMethod.MinMax));
    }

    [Fact]
    public void A_percentile_leaves_one_in_many_out()
    {
        FeatureHistogram histogram = new();
        histogram.Add(Evenly(200_000, -1, 2));
        histogram.Add([50]);
        ActivationRange range = histogram.ComputeRange(CalibrationMethod.Percentile);
        Assert.Equal(-1, range.Min, 0.1);
        Assert.Equal(2, range.Max, 0.1);
    }

    [Fact]
    public void Smallest_error_keeps_the_ends_of_even_values_and_cuts_as_far_as_it_pays()
    {
        FeatureHistogram even = new();
        even.Add(Evenly(100_000, 0, 8));
        Assert.Equal(8, even.ComputeRange(CalibrationMethod.MeanSquaredError).Max, 0.5);

        // With its end at c, one value of 12 costs (12 − c)² and the steps of all others (c / 255)² / 12 each: least at c = 10.64.
        FeatureHistogram lone = new();
        lone.Add(Evenly(100_000, 0, 8));
        lone.Add([12]);
        Assert.Equal(10.64, lone.ComputeRange(CalibrationMethod.MeanSquaredError).Max, 0.35);
    }

    [Fact]
    public void Small_values_seen_before_large_ones_are_still_counted_where_they_lie()
    {
        FeatureHistogram histogram = new();
        histogram.Add(Evenly(100_000, 0, 1));
        histogram.Add(Evenly(1000, 0, 16));
        Assert.InRange(histogram.ComputeRange(CalibrationMethod.Percentile).Max, 15, 16.1f);
        Assert.Equal(0, histogram.ComputeRange(CalibrationMethod.Percentile).Min, 0.02);
    }

    private static float[] Evenly(int count, float from, float to) =>
        [.. Enumerable.Range(0, count).Select(i => from + ((to - from) * (i + 0.5f) / count))];
}
