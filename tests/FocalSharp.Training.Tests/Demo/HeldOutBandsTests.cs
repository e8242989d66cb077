using FocalSharp.Datasets;
using FocalSharp.Training.Demo;

namespace FocalSharp.Training.Tests.Demo;

public sealed class HeldOutBandsTests
{
    [Fact]
    public void Validation_bands_keep_a_gap_from_every_training_band()
    {
        (HeldOutBands Train, HeldOutBands Val)[] pairs =
            [(HeldOutBands.TrainShape, HeldOutBands.ValShape), (HeldOutBands.TrainHue, HeldOutBands.ValHue)];
        foreach ((HeldOutBands train, HeldOutBands val) in pairs)
        {
            foreach ((float low, float high) in val.Bands)
            {
                Assert.True(low < high);
                Assert.All(train.Bands, band => Assert.True(high + 0.01f <= band.Low || low >= band.High + 0.01f));
            }
        }
    }

    [Fact]
    public void A_uniform_number_is_spread_over_the_bands_in_proportion_to_their_width()
    {
        float[] mapped = [.. Enumerable.Range(0, 1200).Select(i => HeldOutBands.ValShape.Map(i / 1200f))];
        Assert.InRange(mapped.Count(value => value is >= 0.2199f and <= 0.3401f), 599, 601);
        Assert.InRange(mapped.Count(value => value is >= 0.6599f and <= 0.7801f), 599, 601);
    }

    [Fact]
    public void Scenes_take_shapes_and_hues_from_their_own_split_alone()
    {
        SceneGenerator generator = new(new SceneOptions { ImageSize = 64 });
        for (int i = 0; i < 80; i++)
        {
            foreach (SceneObject train in generator.Render(i, DatasetSplit.Train).Drawn)
            {
                Assert.All(train.Traits, trait => AssertOutside(trait, HeldOutBands.ValShape));
                Assert.All(train.Hues, hue => AssertOutside(hue, HeldOutBands.ValHue));
            }

            foreach (SceneObject val in generator.Render(i, DatasetSplit.Val).Drawn)
            {
                Assert.True(val.Traits.Count >= 5);
                Assert.Equal(4, val.Hues.Count);
                Assert.All(val.Traits, trait => AssertOutside(trait, HeldOutBands.TrainShape));
                Assert.All(val.Hues, hue => AssertOutside(hue, HeldOutBands.TrainHue));
            }
        }
    }

    private static void AssertOutside(float value, HeldOutBands bands)
        => Assert.DoesNotContain(bands.Bands, band => value >= band.Low && value <= band.High);
}
