using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets;

public sealed class ClassNameCollisionTests
{
    [Theory]
    [InlineData("voc", "cat", "cat", true)]
    [InlineData("voc", "cat", " cat ", true)]
    [InlineData("voc", "cat\uFFFE", "cat_", true)]
    [InlineData("voc", "cat", "Cat", false)]
    [InlineData("labelme", "cat", "cat", true)]
    [InlineData("cvat", "cat", "cat", true)]
    [InlineData("labelstudio", "cat", "cat", true)]
    [InlineData("createml", "cat", "cat", true)]
    [InlineData("coco", "cat", "cat", false)]
    [InlineData("yolo", "cat", "cat", false)]
    public void Classes_that_a_format_would_merge_are_refused(string format, string first, string second, bool refused)
    {
        using TestFolder folder = new TestFolder().Image("a.png");
        DetectionDataset set = new()
        {
            Name = "set",
            Classes = [first, second],
            CategoryIds = [1, 2],
            Images =
            [
                new DatasetImage
                {
                    Id = 1,
                    FileName = "a.png",
                    Path = folder["a.png"],
                    Width = 100,
                    Height = 80,
                    Split = DatasetSplit.Train,
                    Objects = [new() { Id = 1, Label = 0, Box = new Box(1, 1, 20, 20) }, new() { Id = 2, Label = 1, Box = new Box(30, 30, 60, 60) }],
                },
            ],
        };

        if (refused)
        {
            Assert.Contains("would be one class", Assert.Throws<DatasetException>(() => DatasetWriter.Write(set, DatasetFormats.Get(format), folder["out"])).Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder["out"]));
        }
        else
        {
            string entry = DatasetWriter.Write(set, DatasetFormats.Get(format), folder["out"]).EntryPoint;
            Assert.Equal([0, 1], DatasetReader.Read(entry).Images.Single().Objects.Select(item => item.Label).Order());
        }
    }
}
