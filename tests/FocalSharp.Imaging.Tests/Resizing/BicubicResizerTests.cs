using CsCheck;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Resizing;

public sealed class BicubicResizerTests
{
    private static readonly Gen<(int, int, int, int)> Sizes = Gen.Select(Gen.Int[1, 70], Gen.Int[1, 40], Gen.Int[1, 70], Gen.Int[1, 40]);

    [Fact]
    public void The_same_size_is_a_copy()
    {
        RgbImage image = TestImages.Noise(37, 9);
        Assert.Equal(image.Pixels, Resize(image, 37, 9).Pixels);
    }

    [Fact]
    public void Every_size_stays_within_one_gray_level_of_exact_interpolation() => Sizes.Sample((w, h, newW, newH) =>
    {
        RgbImage image = TestImages.Noise(w, h, w + h);
        RgbImage resized = Resize(image, newW, newH);
        for (int y = 0; y < newH; y++)
        {
            for (int i = 0; i < newW * 3; i++)
            {
                double exact = Exact(image, (((i / 3) + 0.5) * w / newW) - 0.5, ((y + 0.5) * h / newH) - 0.5, i % 3);
                if (Math.Abs(Math.Clamp(exact, 0, 255) - resized.Row(y)[i]) > 1.5)
                {
                    return false;
                }
            }
        }

        return true;
    }, iter: 200);

    [Fact]
    public void A_plain_image_stays_plain() => Sizes.Sample((w, h, newW, newH) =>
        Resize(TestImages.Solid(w, h, new(255, 128, 0)), newW, newH).Pixels.Chunk(3)
            .All(pixel => pixel[0] == 255 && pixel[1] == 128 && pixel[2] == 0), iter: 200);

    [Fact]
    public void Halving_weighs_four_pixels_a_side_by_the_kernel_at_a_half()
    {
        // The kernel at distances 1.5 and 0.5 is −0.09375 and 0.59375 (−192 and 1216 of 2048).
        RgbImage image = new(8, 1);
        byte[] gray = [10, 20, 200, 40, 50, 160, 70, 80];
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = gray[i / 3];
        }

        RgbImage half = Resize(image, 4, 1);

        byte Expected(int a, int b, int c, int d) => (byte)Math.Clamp((int)Math.Floor(((-192 * (a + d)) + (1216 * (b + c)) + 1024.0) / 2048), 0, 255);
        byte[] expected = [Expected(10, 10, 20, 200), Expected(20, 200, 40, 50), Expected(40, 50, 160, 70), Expected(160, 70, 80, 80)];
        Assert.Equal(expected, half.Pixels.Chunk(3).Select(pixel => pixel[0]));
        Assert.All(half.Pixels.Chunk(3), pixel => Assert.Single(pixel.Distinct()));
    }

    [Fact]
    public void The_rule_stretches_by_it()
    {
        RgbImage image = TestImages.Noise(50, 30);
        ResizeRule rule = new() { Mode = ResizeMode.StretchBicubic, LongSide = 64, ShortSide = 32 };
        Assert.Equal(Resize(image, 64, 32).Pixels, rule.Apply(image).Image.Pixels);
        Assert.Equal(rule, ResizeRuleSerializer.FromJson("x", ResizeRuleSerializer.ToJson(rule)));
    }

    private static RgbImage Resize(RgbImage image, int width, int height)
    {
        RgbImage result = new(width, height);
        BicubicResizer.Resize(image.View, result.Pixels, width * 3, width, height);
        return result;
    }

    private static double Exact(RgbImage image, double x, double y, int channel)
    {
        double sum = 0;
        for (int j = -1; j < 3; j++)
        {
            for (int i = -1; i < 3; i++)
            {
                (int column, int row) = ((int)Math.Floor(x) + i, (int)Math.Floor(y) + j);
                byte pixel = image.Row(Math.Clamp(row, 0, image.Height - 1))[(3 * Math.Clamp(column, 0, image.Width - 1)) + channel];
                sum += pixel * Kernel(x - column) * Kernel(y - row);
            }
        }

        return sum;
    }

    private static double Kernel(double distance)
    {
        const double A = -0.75;
        double t = Math.Abs(distance);
        return t <= 1 ? ((A + 2) * t * t * t) - ((A + 3) * t * t) + 1 : t < 2 ? (A * t * t * t) - (5 * A * t * t) + (8 * A * t) - (4 * A) : 0;
    }
}
