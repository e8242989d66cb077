using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Yolo;

public sealed class YoloFolderTests
{
    [Theory]
    [InlineData("images/train/a.png", "labels/train/a.txt", DatasetSplit.Train)]
    [InlineData("train/images/a.png", "train/labels/a.txt", DatasetSplit.Train)]
    [InlineData("valid/images/a.png", "valid/labels/a.txt", DatasetSplit.Val)]
    [InlineData("test/a.png", "test/a.txt", DatasetSplit.Test)]
    [InlineData("images/a.png", "labels/a.txt", DatasetSplit.Unassigned)]
    [InlineData("images/a.png", "images/a.txt", DatasetSplit.Unassigned)]
    [InlineData("a.png", "a.txt", DatasetSplit.Unassigned)]
    public void Labels_are_found_without_a_data_yaml(string image, string label, DatasetSplit split)
    {
        using TestFolder folder = new TestFolder().Image(image).Text(label, "2 0.5 0.5 0.2 0.5\n");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Empty(set.Problems);
        Assert.Equal(["class0", "class1", "class2"], set.Classes);
        Assert.Equal((split, 2, new Box(40, 20, 60, 60)), (set.Images[0].Split, set.Images[0].Objects[0].Label, set.Images[0].Objects[0].Box));
    }

    [Theory]
    [InlineData("images/a.png", "annots/a.txt", DatasetSplit.Unassigned)]
    [InlineData("photos/a.png", "boxes/a.txt", DatasetSplit.Unassigned)]
    [InlineData("images/val/a.png", "annots/val/a.txt", DatasetSplit.Val)]
    [InlineData("train/photos/a.png", "train/boxes/a.txt", DatasetSplit.Train)]
    public void Labels_may_be_in_the_only_folder_of_labels_beside_that_of_the_images(string image, string label, DatasetSplit split)
    {
        using TestFolder folder = new TestFolder().Image(image).Text(label, "2 0.5 0.5 0.2 0.5\n");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        DatasetProblem note = Assert.Single(set.Problems);
        Assert.Equal((DatasetProblemKind.NonStandard, label), (note.Kind, note.File));
        Assert.Equal((split, 2), (set.Images[0].Split, set.Images[0].Objects[0].Label));
    }

    [Fact]
    public void Two_folders_of_labels_beside_that_of_the_images_are_ambiguous()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("old/a.txt", "2 0.5 0.5 0.2 0.5\n").Text("new/a.txt", "1 0.5 0.5 0.2 0.5\n");

        Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path));
    }

    [Theory]
    [InlineData("classes.txt")]
    [InlineData("labels/classes.txt")]
    [InlineData("obj.names")]
    [InlineData("labels/_darknet.labels")]
    public void A_list_beside_the_labels_names_the_classes(string list)
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Image("images/empty.png").Text("labels/a.txt", "1 0.5 0.5 0.2 0.5\n").Text("labels/empty.txt", "")
            .Text(list, "cat\ndog\n");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["cat", "dog"], set.Classes);
        Assert.Equal([1, 0], set.Images.Select(image => image.Objects.Count));
    }

    [Theory]
    [InlineData("a photo of two cats")]
    [InlineData("0 0.5 0.5 0.2 0.5\nand a remark")]
    [InlineData("")]
    public void Captions_and_notes_are_not_labels(string text)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.txt", text);

        Assert.Contains("no detection data set was recognized", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_of_another_format_take_precedence_over_undeclared_labels()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("labels/a.txt", "0 0.5 0.5 0.2 0.5\n")
            .Text("annotations/a.json", "{\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}], \"annotations\": [], \"categories\": [{\"id\": 5, \"name\": \"c\"}]}");

        Assert.Equal(["c"], DatasetReader.Read(folder.Path).Classes);
        Assert.Equal(["class0"], DatasetReader.Read(folder.Path, new DatasetReadOptions { Format = DatasetFormats.Yolo }).Classes);
    }
}
