using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.CreateMl;

public sealed class CreateMlFormatTests
{
    [Theory]
    [InlineData("image", "annotations")]
    [InlineData("imagefilename", "annotation")]
    public void Reads_boxes_as_center_and_size_in_pixels(string name, string list)
    {
        using TestFolder folder = new TestFolder().Image("train/a.jpg").Image("valid/b.jpg")
            .Text("train/_annotations.createml.json", $$$"""[{"{{{name}}}": "a.jpg", "{{{list}}}": [{"label": "cat", "coordinates": {"x": 20, "y": 22, "width": 20, "height": 10}}]}]""")
            .Text("valid/_annotations.createml.json", $$$"""[{"{{{name}}}": "b.jpg", "{{{list}}}": []}]""");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        set.Images[0].AssertObjects(set, ("cat", 10, 17, 30, 27));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Select(image => image.Split));
        Assert.Empty(set.Problems);
    }
}
