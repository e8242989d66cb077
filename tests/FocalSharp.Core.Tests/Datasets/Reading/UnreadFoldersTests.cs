using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Reading;

public sealed class UnreadFoldersTests
{
    private const string Voc = "<annotation><object><name>a</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>30</xmax><ymax>30</ymax></bndbox></object></annotation>";

    [Theory]
    [InlineData("extra/x")]
    [InlineData("roundtwo/train/x")]
    public void A_labeled_folder_beside_splits_is_named(string place)
    {
        using TestFolder folder = Create().Image($"{place}.png").Text($"{place}.xml", Voc);

        DetectionDataset dataset = DatasetReader.Read(folder.Path);

        Assert.Equal(2, dataset.Images.Count);
        DatasetProblem problem = Assert.Single(dataset.Problems, one => one.Kind == DatasetProblemKind.UnknownSplit);
        Assert.StartsWith(place.Split('/')[0] + ":", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_without_labeled_images_are_not_named()
    {
        using TestFolder folder = Create().Image("previews/x.png").Text("notes/x.xml", Voc).Text("export/readme.txt", "text").Image("export/y.png");

        Assert.DoesNotContain(DatasetReader.Read(folder.Path).Problems, one => one.Kind == DatasetProblemKind.UnknownSplit);
    }

    [Fact]
    public void Without_folders_of_splits_nothing_is_named()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.xml", Voc).Image("extra/x.png").Text("extra/x.xml", Voc);

        Assert.DoesNotContain(DatasetReader.Read(folder.Path).Problems, one => one.Kind == DatasetProblemKind.UnknownSplit);
    }

    private static TestFolder Create() =>
        new TestFolder().Image("train/a.png").Text("train/a.xml", Voc).Image("val/b.png").Text("val/b.xml", Voc);
}
