using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Core.Tests.Datasets.Reading.Shapes;

public sealed class RunLengthMaskTests
{
    [Fact]
    public void Runs_go_down_the_columns()
    {
        // Height 60: 605 = column 10, row 5; 20 pixels to row 24; the next run starts 60 later, in column 11.
        RunLengthMask mask = new(60, 80);
        foreach (int run in new[] { 605, 20, 40, 20, 4115 })
        {
            mask.Add(run);
        }

        Assert.True(mask.IsValid);
        AssertBox(mask.BoxByColumns(), 10, 5, 12, 25);
    }

    [Fact]
    public void A_run_across_a_line_covers_the_whole_line()
    {
        RunLengthMask mask = new(10, 10);
        mask.Add(18);
        mask.Add(4);

        AssertBox(mask.BoxByColumns(), 1, 0, 3, 10);
        AssertBox(mask.BoxByRows(), 0, 1, 10, 3);
    }

    // pycocotools: counts 2, 3, 20 of a mask of 5x5 pixels compress to "23d0": 2 is '2', 3 is '3', 20 is 0b10100, in six bits "d0".
    [Fact]
    public void Compressed_counts_are_read()
    {
        RunLengthMask mask = new(5, 5);
        mask.AddCompressed("23d0"u8);

        Assert.True(mask.IsValid);
        AssertBox(mask.BoxByColumns(), 0, 2, 1, 5);
    }

    // From the fourth count on, the difference from the count before the last: 2, 3, 2, 3 - 3 = 0, 15 - 2 = 13.
    [Fact]
    public void Compressed_counts_are_differences_from_the_fourth_on()
    {
        RunLengthMask mask = new(5, 5);
        mask.AddCompressed("2320="u8);

        Assert.True(mask.IsValid);
        AssertBox(mask.BoxByColumns(), 0, 2, 2, 5);
    }

    [Theory]
    [InlineData(2, 3, 21)]
    [InlineData(2, -3, 4)]
    [InlineData(2, double.NaN, 4)]
    [InlineData(25, 0, 0)]
    public void Runs_that_do_not_fit_or_have_no_foreground_are_invalid(double a, double b, double c)
    {
        RunLengthMask mask = new(5, 5);
        mask.Add(a);
        mask.Add(b);
        mask.Add(c);

        Assert.False(mask.IsValid);
    }

    private static void AssertBox(EnclosingBox box, double x1, double y1, double x2, double y2) =>
        Assert.Equal((x1, y1, x2, y2), (box.X1, box.Y1, box.X2, box.Y2));
}
