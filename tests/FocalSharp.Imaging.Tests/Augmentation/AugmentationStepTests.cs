using CsCheck;
using FocalSharp.Boxes;
using FocalSharp.Imaging.Augmentation;

namespace FocalSharp.Imaging.Tests.Augmentation;

public sealed class AugmentationStepTests
{
    [Fact]
    public void Mixing_up_is_the_weighted_mean_with_the_objects_of_both()
    {
        TrainingSample first = new(TestImages.Noise(11, 5, 1), [new(0, 0, 3, 3)], [1]);
        TrainingSample second = new(TestImages.Noise(11, 5, 2), [new(2, 2, 5, 5)], [4]);
        TrainingSample mixed = MixUp.Blend(first, second, 0.25);

        Assert.Equal([.. first.Boxes, .. second.Boxes], mixed.Boxes);
        Assert.Equal([1, 4], mixed.Labels);
        for (int i = 0; i < mixed.Image.Pixels.Length; i++)
        {
            Assert.InRange(mixed.Image.Pixels[i] - ((0.25 * first.Image.Pixels[i]) + (0.75 * second.Image.Pixels[i])), -0.51, 0.51);
        }

        Assert.Equal(first.Image.Pixels, MixUp.Blend(first, second, 1).Image.Pixels);
        Assert.Throws<ArgumentException>(() => MixUp.Blend(first, first with { Image = new(5, 11) }, 0.5));
    }

    [Fact]
    public void Crops_stay_inside_keep_a_center_and_the_overlap_rule() => Gen.Int.Sample(seed =>
    {
        AugmentationRandom random = new(seed);
        TrainingSample sample = new(new(100, 70), [new(10, 10, 40, 50), new(60, 20, 90, 60)], [0, 1]);
        PixelRegion crop = MinIouCrop.Sample(sample, ref random);
        Assert.True(crop.X >= 0 && crop.Y >= 0 && crop.X + crop.Width <= 100 && crop.Y + crop.Height <= 70);
        Assert.NotEqual(0, MinIouCrop.FilterBoxesByCenter(sample, crop).Count);
    }, iter: 300);

    [Fact]
    public void Boxes_whose_center_is_cropped_away_are_dropped()
    {
        TrainingSample sample = new(new(100, 70), [new(10, 10, 40, 50), new(60, 20, 90, 60)], [0, 1]);
        Assert.Equal([1], MinIouCrop.FilterBoxesByCenter(sample, new(30, 0, 70, 70)).Labels);
    }

    [Fact]
    public void A_mosaic_needs_four()
    {
        AugmentationRandom random = new(1);
        TrainingSample one = new(new(4, 4), [], []);
        Assert.Throws<ArgumentException>(() => Mosaic.Compose([one, one, one], 8, 8, new(), ref random));
    }

    [Fact]
    public void A_turned_box_is_held_by_its_upright_hull()
    {
        Box box = AffineTransform.Rotate(90).Apply(new Box(1, 2, 4, 8));
        Assert.Equal([-8, 1, -2, 4], new[] { box.X1, box.Y1, box.X2, box.Y2 }.Select(v => Math.Round(v, 4)));
    }

    [Fact]
    public void Defaults_are_valid_and_impossible_settings_are_named()
    {
        new AugmentationOptions().Validate();
        AugmentationOptions.None.Validate();
        AugmentationOptions.ResizeAndFlip.Validate();
        Says(new() { Mosaic = 1.5 }, "Mosaic");
        Says(new() { Hue = double.NaN }, "Hue");
        Says(new() { ScaleRange = (2, 1) }, "ScaleRange");

        static void Says(AugmentationOptions options, string name) =>
            Assert.Contains($"augmentation.{char.ToLowerInvariant(name[0])}{name[1..]} is", Assert.Throws<OptionException>(options.Validate).Message, StringComparison.Ordinal);
    }
}
