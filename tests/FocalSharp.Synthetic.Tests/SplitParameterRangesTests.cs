using FocalSharp.Datasets;

namespace FocalSharp.Synthetic.Tests;

public sealed class SplitParameterRangesTests
{
    [Fact]
    public void Validation_bands_keep_a_gap_from_every_training_band()
    {
        (SplitParameterRanges Train, SplitParameterRanges Val)[] pairs =
            [(SplitParameterRanges.TrainShape, SplitParameterRanges.ValShape), (SplitParameterRanges.TrainHue, SplitParameterRanges.ValHue)];
        foreach ((SplitParameterRanges train, SplitParameterRanges val) in pairs)
        {
            foreach ((float low, float high) in val.Ranges)
            {
                Assert.True(low < high);
                Assert.All(train.Ranges, band => Assert.True(high + 0.01f <= band.Low || low >= band.High + 0.01f));
            }
        }
    }

    [Fact]
    public void A_uniform_number_is_spread_over_the_bands_in_proportion_to_their_width()
    {
        float[] mapped = [.. Enumerable.Range(0, 1200).Select(i => SplitParameterRanges.ValShape.Map(i / 1200f))];
        Assert.InRange(mapped.Count(value => value is >= 0.2199f and <= 0.3401f), 599, 601);
        Assert.InRange(mapped.Count(value => value is >= 0.6599f and <= 0.7801f), 599, 601);
    }

    [Fact]
    public void Scenes_take_shapes_and_hues_from_their_own_split_alone()
    {
        SceneGenerator generator = new(new SceneOptions { ImageSize = 64 });
        for (int i = 0; i < 80; i++)
        {
            foreach (SceneObject train in generator.Render(i, DatasetSplit.Train).SceneObjects)
            {
                Assert.All(train.ShapeParameters, trait => AssertOutside(trait, SplitParameterRanges.ValShape));
                Assert.All(train.Hues, hue => AssertOutside(hue, SplitParameterRanges.ValHue));
            }

            foreach (SceneObject val in generator.Render(i, DatasetSplit.Val).SceneObjects)
            {
                Assert.True(val.ShapeParameters.Count >= 5);
                Assert.Equal(4, val.Hues.Count);
                Assert.All(val.ShapeParameters, trait => AssertOutside(trait, SplitParameterRanges.TrainShape));
                Assert.All(val.Hues, hue => AssertOutside(hue, SplitParameterRanges.TrainHue));
            }
        }
    }

    private static void AssertOutside(float value, SplitParameterRanges bands)
        => Assert.DoesNotContain(bands.Ranges, band => value >= band.Low && value <= band.High);
}
