using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Training.Data;

namespace FocalSharp.Training.Tests.Data;

public sealed class RepeatFactorSamplingTests
{
    [Fact]
    public void An_image_counts_as_its_rarest_class_does()
    {
        // Class 1 in one of 16 images: at a threshold of 1/4 that is √(0.25 · 16 / 1) = 2.
        double[] factors = RepeatFactorSampling.ComputeRepeatFactors(Images(16, rare: 1), 0.25);

        Assert.Equal(2, factors[0], 1e-12);
        Assert.All(factors[1..], factor => Assert.Equal(1, factor));
    }

    [Fact]
    public void An_epoch_keeps_its_length_and_draws_images_by_their_factors()
    {
        double[] factors = RepeatFactorSampling.ComputeRepeatFactors(Images(16, rare: 1), 0.25);
        int[] rare = new int[200];
        for (int epoch = 0; epoch < rare.Length; epoch++)
        {
            int[] drawn = [.. EpochOrder.CreateBatches(16, 1, 4, seed: 3, epoch, weights: factors).SelectMany(batch => batch)];
            Assert.Equal(16, drawn.Length);
            rare[epoch] = drawn.Count(image => image == 0);
            Assert.InRange(rare[epoch], 1, 2);
        }

        // Expected: 16 · 2 / 17 = 1.88 a time.
        Assert.InRange(rare.Average(), 1.80, 1.96);
    }

    [Fact]
    public void The_order_is_a_function_of_seed_and_epoch()
    {
        double[] factors = RepeatFactorSampling.ComputeRepeatFactors(Images(16, rare: 2), 0.5);

        Assert.Equal(EpochOrder.CreateBatches(16, 2, 4, 1, 5, weights: factors), EpochOrder.CreateBatches(16, 2, 4, 1, 5, weights: factors));
        Assert.NotEqual(EpochOrder.CreateBatches(16, 2, 4, 1, 5, weights: factors), EpochOrder.CreateBatches(16, 2, 4, 1, 6, weights: factors));
    }

    [Fact]
    public void Equal_weights_draw_every_image_as_often()
    {
        int[] drawn = [.. EpochOrder.CreateBatches(10, 3, 5, 1, 0, weights: [.. Enumerable.Repeat(1.5, 10)]).SelectMany(batch => batch)];

        Assert.All(drawn.CountBy(image => image), pair => Assert.Equal(3, pair.Value));
    }

    private static DetectionDataset Images(int count, int rare) => new()
    {
        Name = "balance",
        Classes = ["common", "rare"],
        CategoryIds = [1, 2],
        Images =
        [
            .. Enumerable.Range(0, count).Select(i => new DatasetImage
            {
                Id = i,
                FileName = $"{i}.png",
                Path = $"{i}.png",
                Width = 64,
                Height = 64,
                Objects = [Object(0), .. i < rare ? [Object(1)] : Array.Empty<ObjectAnnotation>()],
            }),
        ],
    };

    private static ObjectAnnotation Object(int label) => new() { Label = label, Box = new Box(1, 1, 20, 20), Area = 361 };
}
