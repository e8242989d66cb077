using CsCheck;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Resizing;

public sealed class BilinearResizerTests
{
    private static readonly Gen<(int, int, int, int)> Sizes = Gen.Select(Gen.Int[1, 70], Gen.Int[1, 40], Gen.Int[1, 70], Gen.Int[1, 40]);

    [Fact]
    public void The_same_size_is_a_copy()
    {
        RgbImage image = TestImages.Noise(13, 9);
        RgbImage copy = BilinearResizer.Resize(image, 13, 9);
        Assert.Equal(image.Pixels, copy.Pixels);
        Assert.NotSame(image.Pixels, copy.Pixels);
    }

    [Fact]
    public void Every_size_stays_within_one_gray_level_of_exact_interpolation() => Sizes.Sample((w, h, newW, newH) =>
    {
        RgbImage image = TestImages.Noise(w, h, w + h);
        RgbImage resized = BilinearResizer.Resize(image, newW, newH);
        for (int y = 0; y < newH; y++)
        {
            for (int i = 0; i < newW * 3; i++)
            {
                double exact = Exact(image, (((i / 3) + 0.5) * w / newW) - 0.5, ((y + 0.5) * h / newH) - 0.5, i % 3);
                if (Math.Abs(exact - resized.Row(y)[i]) > 1.5)
                {
                    return false;
                }
            }
        }

        return true;
    }, iter: 200);

    [Fact]
    public void A_plain_image_stays_plain() => Sizes.Sample((w, h, newW, newH) =>
        BilinearResizer.Resize(TestImages.Solid(w, h, new(255, 128, 0)), newW, newH).Pixels.Chunk(3)
            .All(pixel => pixel[0] >= 254 && pixel[1] is 127 or 128 && pixel[2] == 0), iter: 200);

    [Fact]
    public void Halving_is_the_rounded_mean_of_four()
    {
        RgbImage image = TestImages.Noise(10, 6);
        RgbImage half = BilinearResizer.Resize(image, 5, 3);
        for (int i = 0; i < 15; i++)
        {
            (int y, int c) = (i / 5, i % 3);
            int x = i % 5 * 6;
            int sum = image.Row(2 * y)[x + c] + image.Row(2 * y)[x + 3 + c] + image.Row((2 * y) + 1)[x + c] + image.Row((2 * y) + 1)[x + 3 + c];
            Assert.Equal((sum + 2) >> 2, half.Row(y)[(i % 5 * 3) + c]);
        }
    }

    [Fact]
    public void Resizing_into_a_canvas_leaves_the_rest_alone()
    {
        RgbImage image = TestImages.Noise(20, 10);
        RgbImage canvas = TestImages.Solid(30, 30, new(1, 2, 3));
        BilinearResizer.Resize(image, canvas, 17, 9);
        RgbImage alone = BilinearResizer.Resize(image, 17, 9);
        for (int y = 0; y < 30; y++)
        {
            for (int x = 0; x < 30; x++)
            {
                Assert.Equal(x < 17 && y < 9 ? TestImages.At(alone, x, y) : new(1, 2, 3), TestImages.At(canvas, x, y));
            }
        }
    }

    [Fact]
    public void A_warp_samples_without_half_pixel_centers_and_is_black_beyond_the_border()
    {
        RgbImage image = new(4, 1, [0, 0, 0, 100, 100, 100, 200, 200, 200, 40, 40, 40]);
        RgbImage canvas = new(8, 2);

        BilinearResizer.Resize(image, canvas, 8, 2, warp: true);

        // Position i reads i/2; the last, 3.5, is half of the last pixel and half of nothing. The second row, at 1/2, is half as bright.
        Assert.Equal([0, 50, 100, 150, 200, 120, 40, 20], canvas.Row(0).ToArray().Chunk(3).Select(pixel => (int)pixel[0]));
        Assert.Equal([0, 25, 50, 75, 100, 60, 20, 10], canvas.Row(1).ToArray().Chunk(3).Select(pixel => (int)pixel[2]));
    }

    [Fact]
    public void A_warp_reads_steps_of_one_thirty_second()
    {
        // 100 to 64 pixels: position 1 reads 1.5625 = 50/32; position 2 reads 3.125.
        RgbImage image = new(100, 1, [.. Enumerable.Range(0, 100).SelectMany(x => Enumerable.Repeat((byte)(2 * x), 3))]);
        RgbImage canvas = new(64, 1);

        BilinearResizer.Resize(image, canvas, 64, 1, warp: true);

        Assert.Equal([0, 3, 6], canvas.Row(0).ToArray().Chunk(3).Take(3).Select(pixel => (int)pixel[0]));
    }

    [Theory]
    [InlineData(97, 61, 64, 96)]
    [InlineData(35, 40, 96, 64)]
    public void A_warp_rounds_the_sum_of_four_samples_once(int sourceWidth, int sourceHeight, int width, int height)
    {
        RgbImage image = TestImages.Noise(sourceWidth, sourceHeight);
        RgbImage canvas = new(width, height);

        BilinearResizer.Resize(image, canvas, width, height, warp: true);

        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int px, int py) = ((int)Math.Round(x * 32.0 * sourceWidth / width), (int)Math.Round(y * 32.0 * sourceHeight / height));
                int sum = 0;
                for (int corner = 0; corner < 4; corner++)
                {
                    (int sx, int sy) = ((px / 32) + (corner % 2), (py / 32) + (corner / 2));
                    int weight = (corner % 2 == 0 ? 32 - (px % 32) : px % 32) * (corner < 2 ? 32 - (py % 32) : py % 32);
                    sum += sx < sourceWidth && sy < sourceHeight ? weight * image.Row(sy)[(3 * sx) + 1] : 0;
                }

                Assert.Equal((sum + 512) / 1024, canvas.Row(y)[(3 * x) + 1]);
            }
        }
    }

    [Fact]
    public void A_result_larger_than_the_canvas_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BilinearResizer.Resize(TestImages.Noise(4, 4), new RgbImage(5, 5), 6, 5));

    private static double Exact(RgbImage image, double x, double y, int channel)
    {
        (int x0, int y0) = ((int)Math.Floor(x), (int)Math.Floor(y));
        (double fx, double fy) = (x - x0, y - y0);
        return ((1 - fy) * (((1 - fx) * At(x0, y0)) + (fx * At(x0 + 1, y0)))) + (fy * (((1 - fx) * At(x0, y0 + 1)) + (fx * At(x0 + 1, y0 + 1))));

        double At(int px, int py) =>
            image.Row(Math.Clamp(py, 0, image.Height - 1))[(Math.Clamp(px, 0, image.Width - 1) * 3) + channel];
    }
}
