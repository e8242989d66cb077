using CsCheck;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets;

public sealed class SeededSplitTests
{
    [Fact]
    public void The_split_does_not_depend_on_the_order_of_files() => Gen.Select(Gen.ULong, Gen.Int[2, 60], Gen.Double[0.05, 0.95]).Sample((seed, count, share) =>
    {
        DatasetImage[] images = [.. Enumerable.Range(0, count).Select(i => Image($"{i:000}.jpg"))];
        HashSet<string> forward = Val(SeededSplit.Apply(Set(images), share, seed));
        HashSet<string> backward = Val(SeededSplit.Apply(Set([.. images.Reverse()]), share, seed));

        Assert.Equal(Math.Clamp((int)Math.Round(count * share), 1, count - 1), forward.Count);
        Assert.True(forward.SetEquals(backward));
    });

    [Fact]
    public void Another_seed_splits_differently_and_a_new_image_moves_at_most_one()
    {
        DatasetImage[] images = [.. Enumerable.Range(0, 100).Select(i => Image($"{i:000}.jpg"))];
        HashSet<string> one = Val(SeededSplit.Apply(Set(images), 0.2, 1));

        Assert.False(one.SetEquals(Val(SeededSplit.Apply(Set(images), 0.2, 2))));
        Assert.True(one.Except(Val(SeededSplit.Apply(Set([.. images, Image("new.jpg")]), 0.2, 1))).Count() <= 1);
    }

    [Fact]
    public void The_test_split_is_not_changed()
    {
        DetectionDataset set = SeededSplit.Apply(Set([Image("a"), Image("b"), Image("c") with { Split = DatasetSplit.Test }]), 0.5, 3);

        Assert.Equal(DatasetSplit.Test, set.Images[2].Split);
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Take(2).Select(image => image.Split).Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_fraction_outside_0_to_1_is_rejected(double share) =>
        Assert.Throws<OptionException>(() => SeededSplit.Apply(Set([Image("a"), Image("b")]), share, 1));

    private static HashSet<string> Val(DetectionDataset set) => [.. set.Select(DatasetSplit.Val).Images.Select(image => image.FileName)];

    private static DetectionDataset Set(DatasetImage[] images) => new() { Name = "set", Classes = ["a"], CategoryIds = [1], Images = images };

    private static DatasetImage Image(string name) => new() { Id = 1, FileName = name, Path = name, Width = 10, Height = 10 };
}
