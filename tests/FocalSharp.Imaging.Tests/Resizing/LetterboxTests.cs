using CsCheck;
using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Resizing;

public sealed class LetterboxTests
{
    [Fact]
    public void The_image_lies_at_the_top_left_and_the_rest_is_filled()
    {
        (RgbImage canvas, ResizeTransform frame) = Letterbox.Apply(TestImages.Solid(64, 48, new(9, 9, 9)), 32, 32, new(1, 2, 3));

        Assert.Equal(new ResizeTransform(32, 24, 0.5f, 0.5f), frame);
        Assert.Equal(new RgbColor(9, 9, 9), TestImages.At(canvas, 31, 23));
        Assert.Equal(new RgbColor(1, 2, 3), TestImages.At(canvas, 0, 24));
        Assert.Equal(new RgbColor(1, 2, 3), TestImages.At(canvas, 31, 31));
    }

    [Fact]
    public void A_tall_image_leaves_a_strip_at_the_right()
    {
        (RgbImage canvas, ResizeTransform frame) = Letterbox.Apply(TestImages.Solid(10, 20, new(9, 9, 9)), 40, 40, new(1, 2, 3));

        Assert.Equal((20, 40), (frame.Width, frame.Height));
        Assert.Equal(new RgbColor(9, 9, 9), TestImages.At(canvas, 19, 39));
        Assert.Equal(new RgbColor(1, 2, 3), TestImages.At(canvas, 20, 0));
    }

    [Fact]
    public void Any_image_fits_touches_one_side_and_is_never_empty() =>
        Gen.Select(Gen.Int[1, 3000], Gen.Int[1, 3000], Gen.Int[1, 1500], Gen.Int[1, 1500]).Sample((w, h, cw, ch) =>
        {
            ImageSize size = KeepRatio.Fit(w, h, cw, ch);
            return size.Width >= 1 && size.Height >= 1 && size.Width <= cw && size.Height <= ch && (size.Width == cw || size.Height == ch);
        });

    [Fact]
    public void Stretching_ignores_the_ratio()
    {
        (RgbImage canvas, ResizeTransform frame) = Stretch.Apply(TestImages.Noise(10, 40), 20, 20);
        Assert.Equal(new ResizeTransform(20, 20, 2, 0.5f), frame);
        Assert.Equal((20, 20), (canvas.Width, canvas.Height));
    }
}
