using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Training.Tuning;

namespace FocalSharp.Training.Tests.Tuning;

public sealed class ApDifferenceTests
{
    private static readonly Box Target = new(10, 10, 60, 60);

    [Fact]
    public void Equal_detections_differ_by_nothing_for_certain()
    {
        Detection[][] found = Detections(true, true, false, true);

        Assert.Equal(new ApDifference(0, 0), ApDifference.Compute(CreateImages(4), found, found));
    }

    [Fact]
    public void The_standard_error_is_the_jackknife_s()
    {
        // The first detector finds nothing, the second the objects of images 0 and 1 of four. With n of m objects found, precision is 1 up to
        // recall n/m: AP is the share of the 101 recalls 0, 0.01, … up to n/m. All four: 2/4, 51 of 101. Without image 0 or 1: 1/3, 34 of 101.
        // Without image 2 or 3: 2/3, 67 of 101. The mean is 50.5/101, each deviation 16.5/101: √(3/4 · 4 · (16.5/101)²) = √3 · 16.5/101.
        ApDifference difference = ApDifference.Compute(CreateImages(4), Detections(false, false, false, false), Detections(true, true, false, false));

        Assert.Equal(51 / 101d, difference.Difference, 1e-9);
        Assert.Equal(Math.Sqrt(3) * 16.5 / 101, difference.StandardError, 1e-9);
    }

    [Fact]
    public void Exchanging_the_detectors_changes_the_sign_only()
    {
        Detection[][] first = Detections(true, false, true, false, true);
        Detection[][] second = Detections(true, true, true, true, false);

        ApDifference forward = ApDifference.Compute(CreateImages(5), first, second);
        ApDifference back = ApDifference.Compute(CreateImages(5), second, first);

        Assert.Equal(-forward.Difference, back.Difference, 1e-12);
        Assert.Equal(forward.StandardError, back.StandardError, 1e-12);
    }

    [Theory]
    [InlineData(0.048, 0.013, true)]
    [InlineData(0.018, 0.011, false)] // better by less than two standard errors may be chance
    [InlineData(-0.25, 0.039, false)]
    [InlineData(0.1, double.PositiveInfinity, false)]
    public void An_improvement_of_more_than_two_standard_errors_is_significant(double difference, double error, bool expected) =>
        Assert.Equal(expected, new ApDifference(difference, error).IsSignificantImprovement);

    [Fact]
    public void One_image_gives_no_certainty() => Assert.Equal(
        double.PositiveInfinity, ApDifference.Compute(CreateImages(1), Detections(false), Detections(true)).StandardError);

    private static DetectionDataset CreateImages(int count) => new()
    {
        Name = "test",
        Classes = ["thing"],
        CategoryIds = [1],
        Images = [.. Enumerable.Range(1, count).Select(id => new DatasetImage
        {
            Id = id,
            FileName = $"{id}.png",
            Path = $"{id}.png",
            Width = 100,
            Height = 100,
            Objects = [new ObjectAnnotation { Id = id, Label = 0, Box = Target, Area = 2500 }],
        })],
    };

    private static Detection[][] Detections(params bool[] found) =>
        [.. found.Select(one => one ? new[] { new Detection(Target, 0, 0.9f, default) } : [])];
}
