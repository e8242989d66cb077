namespace FocalSharp.Imaging.Tests;

public sealed class RgbImageTests
{
    [Theory]
    [InlineData(0, 4, "width")]
    [InlineData(4, -1, "height")]
    [InlineData(100_000, 100_000, "height")]
    [InlineData(int.MaxValue, int.MaxValue, "height")]
    public void Sizes_that_are_not_possible_are_refused(int width, int height, string parameter) =>
        Assert.Throws<ArgumentOutOfRangeException>(parameter, () => new RgbImage(width, height));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Rows_outside_the_image_are_refused(int row) => Assert.Throws<ArgumentOutOfRangeException>("y", () => new RgbImage(2, 3).Row(row).Clear());
}
