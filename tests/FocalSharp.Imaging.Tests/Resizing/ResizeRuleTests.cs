using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Resizing;

public sealed class ResizeRuleTests
{
    [Fact]
    public void Stretching_fills_the_whole_input_at_any_ratio()
    {
        ResizeRule rule = new() { Mode = ResizeMode.Stretch, LongSide = 64, ShortSide = 64 };
        (RgbImage image, ResizeTransform frame) = rule.Apply(new RgbImage(40, 100));
        Assert.Equal((64, 64), (image.Width, image.Height));
        Assert.Equal(new ResizeTransform(64, 64, 1.6f, 0.64f), frame);
        Assert.Equal(new ImageSize(64, 64), rule.GetPaddedSize(40, 100));
    }

    [Fact]
    public void Images_without_pixels_are_refused()
    {
        ResizeRule rule = new();
        Assert.Throws<ArgumentOutOfRangeException>("width", () => rule.GetSize(-1, 5));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => rule.GetPaddedSize(5, 0));
        Assert.Throws<ArgumentNullException>("image", () => rule.Apply(null!));
    }

    [Fact]
    public void Keeping_the_ratio_pads_to_the_divisor()
    {
        ResizeRule rule = new() { LongSide = 100, ShortSide = 80 };
        Assert.Equal(new ImageSize(40, 100), rule.GetSize(200, 500));
        Assert.Equal(new ImageSize(64, 128), rule.GetPaddedSize(200, 500));
    }
}
