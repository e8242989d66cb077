using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Voc;

public sealed class VocYearsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("VOCdevkit/")]
    public void The_years_of_VOCdevkit_are_one_data_set_with_separate_lists(string below)
    {
        using TestFolder folder = new();
        foreach ((string year, string name, string list) in new[] { ("VOC2007", "cat", "test"), ("VOC2012", "dog", "train") })
        {
            folder.Image($"{below}{year}/JPEGImages/same.png").Text($"{below}{year}/Annotations/same.xml", Xml(name))
                .Text($"{below}{year}/ImageSets/Main/{list}.txt", "same\n");
        }

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Empty(set.Problems);
        Assert.Equal(["cat", "dog"], set.Classes);
        Assert.Equal(
            [("VOC2007/same.png", DatasetSplit.Test, 0), ("VOC2012/same.png", DatasetSplit.Train, 1)],
            set.Images.Select(image => (image.FileName, image.Split, image.Objects[0].Label)));
    }

    [Fact]
    public void Sibling_folders_that_are_not_years_are_not_combined()
    {
        using TestFolder folder = new TestFolder().Image("one/JPEGImages/a.png").Text("one/Annotations/a.xml", Xml("x"))
            .Image("two/JPEGImages/b.png").Text("two/Annotations/b.xml", Xml("x"));

        Assert.Contains("VOC2007", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static string Xml(string name) => $"<annotation><size><width>100</width><height>80</height></size><object><name>{name}</name>"
        + "<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>";
}
