using FocalSharp.Datasets;
using FocalSharp.Synthetic.Shapes;

namespace FocalSharp.Synthetic.Tests.Shapes;

public sealed class SplitParameterRangesTests
{
    [Fact]
    public void Validation_ranges_have_a_gap_to_every_training_range()
    {
        (SplitParameterRanges Train, SplitParameterRanges Val)[] pairs =
            [(SplitParameterRanges.TrainShape, SplitParameterRanges.ValShape), (SplitParameterRanges.TrainHue, SplitParameterRanges.ValHue)];
        foreach ((SplitParameterRanges train, SplitParameterRanges val) in pairs)
        {
            foreach ((float low, float high) in val.Ranges)
            {
                Assert.True(low < high);
                Assert.All(train.Ranges, range => Assert.True(high + 0.01f <= range.Low || low >= range.High + 0.01f));
            }
        }
    }

    [Fact]
    public void Maps_a_uniform_number_to_the_ranges_in_proportion_to_their_width()
    {
        float[] mapped = [.. Enumerable.Range(0, 1200).Select(i => SplitParameterRanges.ValShape.Map(i / 1200f))];
        Assert.InRange(mapped.Count(value => value is >= 0.2199f and <= 0.3401f), 599, 601);
        Assert.InRange(mapped.Count(value => value is >= 0.6599f and <= 0.7801f), 599, 601);
    }

    [Fact]
    public void Scenes_sample_shapes_and_hues_only_from_their_split()
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

    private static void AssertOutside(float value, SplitParameterRanges ranges)
        => Assert.DoesNotContain(ranges.Ranges, range => value >= range.Low && value <= range.High);
}
