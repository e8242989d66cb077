using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Resizing;

public sealed class AreaResizerTests
{
    [Fact]
    public void Shrinking_by_a_whole_factor_is_the_mean_of_the_covered_pixels()
    {
        RgbImage image = TestImages.Noise(12, 8);
        RgbImage small = AreaResizer.Resize(image, 3, 2);
        for (int i = 0; i < 18; i++)
        {
            (int y, int x, int c) = (i / 9, i / 3 % 3, i % 3);
            double mean = Enumerable.Range(0, 16).Average(k => (double)image.Row((y * 4) + (k / 4))[(((x * 4) + (k % 4)) * 3) + c]);
            Assert.InRange(small.Row(y)[(x * 3) + c], mean - 0.51, mean + 0.51);
        }
    }

    [Fact]
    public void A_fine_chequerboard_becomes_gray_where_bilinear_aliases()
    {
        RgbImage image = new(90, 90);
        for (int y = 0; y < 90; y++)
        {
            for (int x = y % 2; x < 90; x += 2)
            {
                image.Row(y).Slice(x * 3, 3).Fill(255);
            }
        }

        Assert.All(AreaResizer.Resize(image, 20, 20).Pixels, value => Assert.InRange(value, 115, 140));
        Assert.Contains(BilinearResizer.Resize(image, 30, 30).Pixels, value => value is < 10 or > 245);
    }

    [Fact]
    public void Enlarging_is_bilinear()
    {
        RgbImage image = TestImages.Noise(9, 9);
        Assert.Equal(BilinearResizer.Resize(image, 20, 20).Pixels, AreaResizer.Resize(image, 20, 20).Pixels);
    }
}
