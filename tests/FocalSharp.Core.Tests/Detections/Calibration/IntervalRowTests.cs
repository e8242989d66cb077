using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;

namespace FocalSharp.Core.Tests.Detections.Calibration;

public sealed class IntervalRowTests
{
    private static readonly Detection Found = new(new Box(10, 20, 110, 220), 0, 0.8f, new SideValues(1, 2, 3, 4));

    [Fact]
    public void An_interval_is_the_edge_plus_shift_and_half_width_times_the_deviation()
    {
        IntervalRow row = new([0.9], [2], [3], [0.5, 0, 0, -0.5], 100);
        BoxInterval interval = row.Find(Found, 0.9)!.Value;

        Assert.Equal(new SideValues(10 + (1 * (0.5f - 2)), 20 - 4, 110 - 6, 220 + (4 * (-0.5f - 2))), interval.Lower);
        Assert.Equal(new SideValues(10 + (1 * (0.5f + 2)), 20 + 4, 110 + 6, 220 + (4 * (-0.5f + 2))), interval.Upper);
        Assert.Equal(new Box(10 + (1 * (0.5f - 3)), 20 - 6, 110 + 9, 220 + (4 * (-0.5f + 3))), interval.Outer);
        Assert.Equal(new Box(10 + (1 * (0.5f + 3)), 20 + 6, 110 - 9, 220 + (4 * (-0.5f - 3))), interval.Inner);
    }

    [Fact]
    public void Bounds_that_overlap_leave_no_inner_box()
    {
        BoxInterval interval = new IntervalRow([0.9], [2], [40], [0, 0, 0, 0], 100).Find(Found, 0.9)!.Value;
        Assert.Null(interval.Inner);
        Assert.NotNull(interval.Outer);
    }

    [Fact]
    public void Too_few_examples_give_no_interval()
    {
        double none = double.PositiveInfinity;
        IntervalRow row = new([0.9, 0.95], [2, none], [none, none], [0, 0, 0, 0], 5);
        Assert.Null(row.Find(Found, 0.95));
        BoxInterval interval = row.Find(Found, 0.9)!.Value;
        Assert.Null(interval.Inner);
        Assert.Null(interval.Outer);
    }

    [Fact]
    public void Another_level_is_an_error_that_names_the_levels() => Assert.Contains(
        "0.8, 0.9", Assert.Throws<ArgumentOutOfRangeException>(() => new IntervalRow([0.8, 0.9], [1, 2], [1, 2], [0, 0, 0, 0], 9).Find(Found, 0.99)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_detection_of_a_model_that_is_not_calibrated_has_no_interval() => Assert.Null(Found.GetInterval(0.9));
}
