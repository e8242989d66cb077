using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets;

public sealed class TrainingFilterTests
{
    private static readonly ObjectAnnotation Good = new() { Label = 0, Box = new Box(1, 1, 9, 9), Area = 64 };

    [Fact]
    public void Removes_what_the_official_code_removes()
    {
        DetectionDataset set = Set(Image(
            Good,
            Good with { IsIgnored = true },
            Good with { Area = 0 },
            Good with { Box = new Box(1, 1, 1.9f, 9) },
            Good with { Box = new Box(1, 1, 9, 1.9f) },
            Good with { Box = new Box(64, 1, 70, 9) },
            Good with { IsCrowd = true }));

        Assert.Equal([Good, Good with { IsCrowd = true }], TrainingFilter.Apply(set).Images[0].Objects);
    }

    [Fact]
    public void Small_images_and_images_without_annotations_are_removed_by_default()
    {
        DetectionDataset set = Set(Image(), Image(Good) with { Width = 31 }, Image(Good with { Area = 0 }), Image(Good));

        Assert.Equal([0, 1], TrainingFilter.Apply(set).Images.Select(image => image.Objects.Count));
        Assert.Equal(4, TrainingFilter.Apply(set, new TrainingFilterOptions { FilterEmpty = false, MinSize = 0 }).Images.Count);
    }

    private static DetectionDataset Set(params DatasetImage[] images) => new() { Name = "set", Classes = ["a"], CategoryIds = [1], Images = images };

    private static DatasetImage Image(params ObjectAnnotation[] objects) =>
        new() { Id = 1, FileName = "a", Path = "a", Width = 64, Height = 64, Objects = objects };
}
