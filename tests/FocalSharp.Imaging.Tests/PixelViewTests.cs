using CsCheck;
using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests;

public sealed class PixelViewTests
{
    private static readonly Gen<(int, int, int, int)> Sizes = Gen.Select(Gen.Int[1, 90], Gen.Int[1, 40], Gen.Int[1, 90], Gen.Int[1, 40]);

    [Fact]
    public void A_part_of_a_view_is_that_part_of_the_image()
    {
        RgbImage image = TestImages.Noise(30, 20);
        RgbImage part = image.View.Crop(4, 5, 10, 7).ToImage();
        for (int y = 0; y < 7; y++)
        {
            Assert.Equal(image.Row(y + 5)[12..42], part.Row(y));
        }
    }

    [Fact]
    public void Four_bytes_a_pixel_and_rows_apart_make_no_difference_to_a_resize() => Sizes.Sample((w, h, newW, newH) =>
    {
        RgbImage image = TestImages.Noise(w, h, w + h);
        const int Gap = 5;
        int stride = (w * 4) + Gap;
        byte[] wide = new byte[(stride * h) - Gap];
        for (int y = 0; y < h; y++)
        {
            for (int x = 0; x < w; x++)
            {
                image.Row(y).Slice(x * 3, 3).CopyTo(wide.AsSpan((y * stride) + (x * 4)));
                wide[(y * stride) + (x * 4) + 3] = (byte)(x + y);
            }
        }

        byte[] resized = new byte[newW * newH * 3];
        BilinearResizer.Resize(new PixelView(wide, w, h, bytesPerPixel: 4, stride), resized, newW * 3, newW, newH);
        return resized.AsSpan().SequenceEqual(BilinearResizer.Resize(image, newW, newH).Pixels);
    }, iter: 300);

    // The formula as it is documented, one number at a time: what vector code computes must be the same to the last bit.
    [Fact]
    public void A_resize_is_the_fixed_point_formula_to_the_last_bit() => Sizes.Sample((w, h, newW, newH) =>
    {
        if (w == newW && h == newH)
        {
            return true;
        }

        RgbImage image = TestImages.Noise(w, h, w * h);
        RgbImage resized = BilinearResizer.Resize(image, newW, newH);
        (int[] columns, int[] lines) = (new int[3 * newW], new int[3 * newH]);
        BilinearTaps.Fill(w, columns.AsSpan(0, newW), columns.AsSpan(newW, newW), columns.AsSpan(2 * newW), clamp: true);
        BilinearTaps.Fill(h, lines.AsSpan(0, newH), lines.AsSpan(newH, newH), lines.AsSpan(2 * newH), clamp: false);
        for (int y = 0; y < newH; y++)
        {
            for (int i = 0; i < newW * 3; i++)
            {
                int top = Across(Math.Clamp(lines[y], 0, h - 1), i);
                int bottom = Across(Math.Clamp(lines[y] + 1, 0, h - 1), i);
                int expected = (((lines[newH + y] * top) >> 16) + ((lines[(2 * newH) + y] * bottom) >> 16) + 2) >> 2;
                if (resized.Row(y)[i] != expected)
                {
                    return false;
                }
            }
        }

        return true;

        int Across(int row, int i)
        {
            (int x, int channel) = Math.DivRem(i, 3);
            int left = columns[x];
            int right = Math.Min(left + 1, w - 1);
            return ((image.Row(row)[(left * 3) + channel] * columns[newW + x]) + (image.Row(row)[(right * 3) + channel] * columns[(2 * newW) + x])) >> 4;
        }
    }, iter: 300);

    [Fact]
    public void A_rule_writes_into_an_input_what_it_makes_as_an_image_and_clears_the_rest() => Sizes.Sample((w, h, _, _) =>
    {
        ResizeRule rule = new() { LongSide = 70, ShortSide = 50, Divisor = 32 };
        RgbImage image = TestImages.Noise(w, h, w + h);
        (RgbImage expected, ResizeTransform frame) = rule.Apply(image);
        ImageSize size = rule.GetPaddedSize(w, h);
        byte[] canvas = new byte[size.Width * size.Height * 3];
        Array.Fill<byte>(canvas, 77);

        if (rule.ResizeInto(image.View, canvas, size) != frame)
        {
            return false;
        }

        for (int y = 0; y < size.Height; y++)
        {
            ReadOnlySpan<byte> row = canvas.AsSpan(y * size.Width * 3, size.Width * 3);
            int content = y < expected.Height ? expected.Width * 3 : 0;
            if ((content > 0 && !row[..content].SequenceEqual(expected.Row(y))) || row[content..].ContainsAnyExcept((byte)0))
            {
                return false;
            }
        }

        return true;
    }, iter: 200);

    [Fact]
    public void Views_and_parts_that_reach_beyond_their_memory_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new PixelView(new byte[29], 2, 5).Width);
        Assert.Throws<ArgumentException>(() => new PixelView(new byte[100], 5, 2, stride: 14).Width);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelView(new byte[100], 5, 2, bytesPerPixel: 2).Width);
        RgbImage image = TestImages.Noise(10, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.View.Crop(5, 0, 6, 1).Width);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.View.Crop(-1, 0, 6, 1).Width);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.View.Crop(int.MaxValue, 0, int.MaxValue, 1).Width);
        Assert.Throws<ArgumentOutOfRangeException>(() => BilinearResizer.Resize(image.View, new byte[10], 6, 2, 2));
        Assert.Throws<ArgumentException>(() => new ResizeRule().ResizeInto(image.View, new byte[10], new ImageSize(32, 32)));
    }
}
