using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Tests.Runs;

public sealed class BatchSizeFinderTests
{
    [Theory]
    [InlineData(16, 1, 1000, 16, 1)] // all of it fits
    [InlineData(16, 100, 1000, 6, 3)] // 7 fit: three parts of 6 hold 16
    [InlineData(16, 100, 572, 4, 4)]
    [InlineData(8, 100, 10, 1, 8)] // not even one fits: try it with one
    [InlineData(8, 0, 1000, 8, 1)]
    public void The_recipes_batch_is_cut_into_parts_that_fit(int requested, double perImage, double free, int batch, int accumulate)
    {
        Assert.Equal((batch, accumulate), BatchSizeFinder.Split(requested, perImage, free));
    }
}
