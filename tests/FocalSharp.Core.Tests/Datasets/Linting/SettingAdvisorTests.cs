using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;
using FocalSharp.Datasets.Linting.Advice;

namespace FocalSharp.Core.Tests.Datasets.Linting;

public sealed class SettingAdvisorTests
{
    [Fact]
    public void Large_objects_retain_the_recipes_settings()
    {
        // 100 px in an image of 640 are 50 at 320.
        RecommendedSettings advice = Advise(640, 100, 200);

        Assert.Equal((320, 16, 8), (advice.InputSize, advice.RegMax, advice.BatchSize));
        Assert.Equal([8, 16, 32, 64, 128], advice.Strides);
        Assert.Equal((50, 0), (advice.SmallObjectSize, advice.UnreachableSideFraction));
    }

    [Fact]
    public void Small_objects_need_the_smallest_size_at_which_they_are_two_strides_across()
    {
        // 20 px in an image of 1280 become 5 at 320; 16 px, two strides of 8, at 1024. As many pixels: 8 · (320 / 1024)² is below 2.
        RecommendedSettings advice = Advise(1280, 20, 200);

        Assert.Equal((1024, 2, 16), (advice.InputSize, advice.BatchSize, advice.SmallObjectSize));
        Assert.Contains("at 320 px, 5 % of the objects are smaller than 5 px", advice.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void No_size_larger_than_the_images_is_recommended()
    {
        RecommendedSettings advice = Advise(500, 6, 200);

        Assert.Equal(512, advice.InputSize);
        Assert.Contains("own size", advice.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Reach_is_evaluated_at_the_recommended_size_and_raises_regMax()
    {
        // One level of stride 8 and boxes of 160 px at 320: half is 80 px, 10 strides.
        RecommendedSettings advice = Advise(640, 320, 200, new DatasetCheckOptions { Strides = [8], RegMax = 6 });

        Assert.Equal((320, 10, 0), (advice.InputSize, advice.RegMax, advice.UnreachableSideFraction));
        Assert.Contains("regMax 10", advice.Reasons[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, 3)]
    [InlineData(3, 1)]
    public void Few_images_take_small_batches(int images, int batch) => Assert.Equal(batch, Advise(640, 100, images).BatchSize);

    [Fact]
    public void Without_objects_nothing_is_changed()
    {
        DetectionDataset set = LintDatasets.Valid();
        RecommendedSettings advice = SettingsRecommender.Recommend(
            set with { Images = [.. set.Images.Select(image => image with { Objects = [] })] }, new DatasetCheckOptions());

        Assert.Equal((320, 16), (advice.InputSize, advice.RegMax));
    }

    private static RecommendedSettings Advise(int side, float across, int images, DatasetCheckOptions? options = null) => SettingsRecommender.Recommend(
        new DetectionDataset
        {
            Name = "set",
            Classes = ["a"],
            CategoryIds = [1],
            Images =
            [
                .. Enumerable.Range(0, images).Select(i => new DatasetImage
                {
                    Id = i,
                    FileName = $"{i}.png",
                    Path = $"{i}.png",
                    Width = side,
                    Height = side,
                    Objects = [new ObjectAnnotation { Label = 0, Box = new Box(10, 10, 10 + across, 10 + across), Area = across * across }],
                }),
            ],
        },
        options ?? new DatasetCheckOptions());
}
