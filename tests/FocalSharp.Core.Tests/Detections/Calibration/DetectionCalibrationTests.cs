using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;

namespace FocalSharp.Core.Tests.Detections.Calibration;

public sealed class DetectionCalibrationTests
{
    private static readonly Detection Found = new(new Box(0, 0, 100, 50), 0, 0.5f, new SideValues(2, 3, 4, 5));

    // ln scale = ln 2 + ln σ (as σ over extent times extent): twice the model's deviation, times the factor.
    [Fact]
    public void Deviations_are_rescaled()
    {
        double[] bound = [20, 20, 20, 20, 20, 20, 20, 20];
        DeviationScale scale = new([Math.Log(2), 1, 1, 0, 0, 0, 0, 0], [.. bound.Select(value => -value)], bound);
        DetectionCalibration calibration = new() { Edges = new(scale, 3, new([0.9], [1], [1], [0, 0, 0, 0], 50), new Dictionary<int, IntervalRow>(), []) };
        Detection calibrated = calibration.Apply(Found);
        Assert.Equal([12, 18, 24, 30], Enumerable.Range(0, 4).Select(side => Math.Round(calibrated.Deviation[side], 3)));
        Assert.Equal((Found.Score, Found.Box), (calibrated.Score, calibrated.Box));
    }

    [Fact]
    public void Features_are_limited_to_the_range_of_the_examples()
    {
        double[] zero = new double[8];
        DeviationScale scale = new([0, 0, 1, 0, 0, 0, 0, 0], zero, [1, 0, Math.Log(60), 0, 0, 0, 0, 0]);
        Assert.Equal(60, scale.Compute(Found, 0), 9); // width 100
        Assert.Equal(50, scale.Compute(Found, 1), 9); // height 50
    }

    [Fact]
    public void A_class_with_enough_examples_has_its_own_intervals()
    {
        double[] bound = [20, 20, 20, 20, 20, 20, 20, 20];
        DeviationScale scale = new([0, 1, 1, 0, 0, 0, 0, 0], [.. bound.Select(value => -value)], bound);
        IntervalRow all = new([0.9], [1], [1], [0, 0, 0, 0], 50);
        IntervalRow own = all with { Edge = [2] };
        EdgeIntervalModel edges = new(scale, 1, all, new Dictionary<int, IntervalRow> { [0] = own }, []);
        Assert.Equal(2 - 4, edges.Apply(Found with { Box = new Box(2, 0, 100, 50) }).GetInterval(0.9)!.Value.Lower.Left, 4);
        Assert.Equal(2 - 2, edges.Apply(Found with { Label = 1, Box = new Box(2, 0, 100, 50) }).GetInterval(0.9)!.Value.Lower.Left, 4);
    }

    [Theory]
    [InlineData(31, 31, 0)]
    [InlineData(32, 32, 1)]
    [InlineData(95, 95, 1)]
    [InlineData(96, 96, 2)]
    public void Sizes_are_those_of_COCO(float width, float height, int group) =>
        Assert.Equal(group, EdgeIntervalModel.SizeGroup(new Detection(new Box(0, 0, width, height), 0, 1, default)));
}
