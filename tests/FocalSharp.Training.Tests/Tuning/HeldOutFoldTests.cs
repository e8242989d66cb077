using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tuning;

namespace FocalSharp.Training.Tests.Tuning;

public sealed class HeldOutFoldTests
{
    private static readonly TuningOptions Options = new() { HeldOutFraction = 1 / 3d, MinHeldOutImages = 10, MaxHeldOutImages = 50 };

    [Fact]
    public void Enough_images_are_divided_once()
    {
        HeldOutFold fold = Assert.Single(HeldOutFold.Create(CreateImages(90), Options, seed: 0));

        Assert.Equal((60, 30), (fold.Train.Images.Count, fold.HeldOut.Images.Count));
        Assert.Empty(Names(fold.Train).Intersect(Names(fold.HeldOut)));
    }

    [Fact]
    public void No_more_than_the_maximum_is_held_out() =>
        Assert.Equal(50, Assert.Single(HeldOutFold.Create(CreateImages(500), Options, seed: 0)).HeldOut.Images.Count);

    [Fact]
    public void Few_images_are_held_out_half_by_half()
    {
        IReadOnlyList<HeldOutFold> folds = HeldOutFold.Create(CreateImages(20), Options, seed: 0);

        Assert.Equal(2, folds.Count);
        Assert.Equal(20, folds.SelectMany(fold => Names(fold.HeldOut)).Distinct().Count());
        Assert.All(folds, fold => Assert.Empty(Names(fold.Train).Intersect(Names(fold.HeldOut))));
    }

    [Fact]
    public void The_seed_decides_which_images_are_held_out()
    {
        IEnumerable<string> Held(int seed) => Names(HeldOutFold.Create(CreateImages(90), Options, seed)[0].HeldOut);

        Assert.Equal(Held(3), Held(3));
        Assert.NotEqual(Held(3), Held(4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Without_two_images_there_is_nothing_to_hold_out(int count) => Assert.Empty(HeldOutFold.Create(CreateImages(count), Options, seed: 0));

    [Fact]
    public void A_part_without_objects_cannot_be_evaluated_on()
    {
        DetectionDataset images = CreateImages(2);

        Assert.Empty(HeldOutFold.Create(images with { Images = [images.Images[0], images.Images[1] with { Objects = [] }] }, Options, seed: 0));
    }

    private static IEnumerable<string> Names(DetectionDataset images) => images.Images.Select(image => image.FileName);

    private static DetectionDataset CreateImages(int count) => new()
    {
        Name = "test",
        Classes = ["thing"],
        CategoryIds = [1],
        Images = [.. Enumerable.Range(1, count).Select(id => new DatasetImage
        {
            Id = id,
            FileName = $"{id}.png",
            Path = $"{id}.png",
            Width = 100,
            Height = 100,
            Objects = [new ObjectAnnotation { Id = id, Label = 0, Box = new Box(1, 1, 50, 50), Area = 2401 }],
        })],
    };
}
