using CsCheck;
using FocalSharp.Imaging.Augmentation;

namespace FocalSharp.Imaging.Tests.Augmentation;

public sealed class ColorTransformTests
{
    private static readonly Gen<(byte, byte, byte)> Colors = Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Neutral_settings_change_nothing(int width)
    {
        RgbImage image = TestImages.Noise(width, 3);
        byte[] before = [.. image.Pixels];
        ColorTransform.Saturation(1).Then(ColorTransform.Hue(0)).Then(ColorTransform.Contrast(1)).Then(ColorTransform.Brightness(0)).Apply(image);
        Assert.Equal(before, image.Pixels);
    }

    [Fact]
    public void Brightness_adds_and_is_cut_at_white()
    {
        Assert.Equal(new RgbColor(151, 255, 51), Changed(ColorTransform.Brightness(0.2), new(100, 250, 0)));
        Assert.Equal(new RgbColor(49, 199, 0), Changed(ColorTransform.Brightness(-0.2), new(100, 250, 0)));
    }

    [Fact]
    public void Contrast_stretches_about_mid_gray() =>
        Assert.Equal(new RgbColor(73, 183, 255), Changed(ColorTransform.Contrast(2), new(100, 155, 250)));

    [Fact]
    public void No_saturation_is_luma() => Colors.Sample((r, g, b) =>
    {
        RgbColor gray = Changed(ColorTransform.Saturation(0), new(r, g, b));
        double luma = (0.299 * r) + (0.587 * g) + (0.114 * b);
        return gray.R == gray.G && gray.G == gray.B && Math.Abs(gray.R - luma) <= 0.51;
    });

    [Fact]
    public void Turning_the_hue_keeps_luma_and_greys()
    {
        Assert.Equal(new RgbColor(90, 90, 90), Changed(ColorTransform.Hue(77), new(90, 90, 90)));
        RgbColor turned = Changed(ColorTransform.Hue(20), new(150, 100, 90));
        Assert.InRange((0.299 * turned.R) + (0.587 * turned.G) + (0.114 * turned.B), 113, 115);
        Assert.NotEqual(150, turned.R);
    }

    [Fact]
    public void A_full_turn_of_hue_changes_nothing() => Colors.Sample((r, g, b) =>
        Changed(ColorTransform.Hue(150).Then(ColorTransform.Hue(210)), new(r, g, b)) == new RgbColor(r, g, b));

    [Fact]
    public void A_third_of_a_turn_takes_red_towards_green()
    {
        RgbColor turned = Changed(ColorTransform.Hue(120), new(200, 90, 90));
        Assert.True(turned.G > turned.R && turned.G > turned.B, turned.ToString());
    }

    private static RgbColor Changed(ColorTransform transform, RgbColor color)
    {
        RgbImage image = TestImages.Solid(3, 2, color);
        transform.Apply(image);
        RgbColor first = TestImages.At(image, 0, 0);
        Assert.All(image.Pixels.Chunk(3), pixel => Assert.Equal(first, new(pixel[0], pixel[1], pixel[2])));
        return first;
    }
}
