using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Yolo;

public sealed class YoloReaderTests
{
    private const string Names = "names: [cat, dog]\n";

    [Fact]
    public void Reads_boxes_as_center_and_size_in_fractions_of_the_image()
    {
        using TestFolder folder = new TestFolder().Image("images/train/a.png").Image("images/train/background.png")
            .Text("labels/train/a.txt", "1 0.5 0.25 0.2 0.5\n\n0 0.1 0.1 0.1 0.2 0.3 0.4\n").Text("data.yaml", "train: images/train\n" + Names);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(DatasetProblemKind.ConvertedShape, Assert.Single(set.Problems).Kind);
        Assert.Equal(["cat", "dog"], set.Classes);
        Assert.Equal([("a.png", 2), ("background.png", 0)], set.Images.Select(image => (image.FileName, image.Objects.Count)));
        Assert.All(set.Images, image => Assert.Equal((DatasetSplit.Train, 100, 80), (image.Split, image.Width, image.Height)));
        Assert.Equal((1, new Box(40, 0, 60, 40)), (set.Images[0].Objects[0].Label, set.Images[0].Objects[0].Box));
        Assert.Equal((0, new Box(10, 8, 30, 32)), (set.Images[0].Objects[1].Label, set.Images[0].Objects[1].Box));
    }

    [Theory]
    [InlineData("train: images/train\nval: images/val\n")]
    [InlineData("train: [images/train]\nval: ./images/val\n")]
    [InlineData("train: train.txt\nval: images/val/b.png\n")]
    [InlineData("path: .\ntrain: ../images/train\nvalid: ../images/val\n")]
    public void Finds_images_by_folder_by_list_and_by_several_of_them(string sources)
    {
        using TestFolder folder = new TestFolder().Image("images/train/a.png").Image("images/val/b.png").Text("train.txt", "./images/train/a.png\n")
            .Text("labels/train/a.txt", "0 .5 .5 .5 .5").Text("labels/val/b.txt", "1 .5 .5 .5 .5").Text("data.yaml", sources + "names:\n  0: cat\n  1: dog\n");
        DetectionDataset set = DatasetReader.Read(folder["data.yaml"]);

        Assert.Empty(set.Problems);
        Assert.Equal([(DatasetSplit.Train, 0), (DatasetSplit.Val, 1)], set.Images.Select(image => (image.Split, image.Objects[0].Label)));
    }

    [Fact]
    public void The_root_may_be_elsewhere()
    {
        using TestFolder data = new TestFolder().Image("pictures/images/a.png").Text("pictures/labels/a.txt", "0 .5 .5 .5 .5");
        using TestFolder folder = new TestFolder().Text("my.yaml", $"path: {data.Path}\ntest: pictures/images\n{Names}");

        Assert.Equal((DatasetSplit.Test, 1), (DatasetReader.Read(folder.Path).Images[0].Split, DatasetReader.Read(folder.Path).ObjectCount));
    }

    [Theory]
    [InlineData("0 0.5 0.5 0.1 x", DatasetProblemKind.UnreadableAnnotation)]
    [InlineData("0 0.5 0.5 0.1", DatasetProblemKind.UnreadableAnnotation)]
    [InlineData("0 0,5 0,5 0,1 0,1", DatasetProblemKind.UnreadableAnnotation)]
    [InlineData("0 0.5 0.5 0.1 0.1 -30.5", DatasetProblemKind.UnreadableAnnotation)]
    [InlineData("2 0.5 0.5 0.1 0.1", DatasetProblemKind.UnknownCategory)]
    [InlineData("-1 0.5 0.5 0.1 0.1", DatasetProblemKind.UnknownCategory)]
    [InlineData("0.5 0.5 0.5 0.1 0.1", DatasetProblemKind.UnknownCategory)]
    [InlineData("0 NaN 0.5 0.1 0.1", DatasetProblemKind.NotFinite)]
    [InlineData("0 0.5 1e400 0.1 0.1", DatasetProblemKind.NotFinite)]
    [InlineData("0 0.5 0.5 0 0.1", DatasetProblemKind.DegenerateBox)]
    [InlineData("0 5 5 0.1 0.1", DatasetProblemKind.DegenerateBox)]
    [InlineData("0 0.5 0.5 0.5 1.5", DatasetProblemKind.OutsideBox)]
    public void Reports_a_bad_line_by_its_number(string line, DatasetProblemKind kind)
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("labels/a.txt", "0 .5 .5 .5 .5\n\n" + line).Text("data.yaml", "train: images\n" + Names);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(kind == DatasetProblemKind.OutsideBox ? 2 : 1, set.ObjectCount);
        DatasetProblem problem = Assert.Single(set.Problems);
        Assert.Equal((kind, "labels/a.txt", "a.png", 1), (problem.Kind, problem.File, problem.Image, problem.Object));
        Assert.Contains("line 3", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_cannot_leave_the_root()
    {
        using TestFolder folder = new TestFolder().Image("outside/a.png").Image("set/images/b.png").Text("set/list.txt", "../outside/a.png\n/etc/passwd\nimages/b.png\n")
            .Text("set/data.yaml", "train: list.txt\nval: ../outside\n" + Names);
        DetectionDataset set = DatasetReader.Read(folder["set"]);

        Assert.EndsWith("b.png", Assert.Single(set.Images).Path, StringComparison.Ordinal);
        Assert.Equal(3, set.Problems.Count(problem => problem.Kind == DatasetProblemKind.EscapingPath));
    }

    [Theory]
    [InlineData("train: images\n", "names")]
    [InlineData("names: [a]\n", "train")]
    [InlineData("train: images\nnames: {x: a}\n", "class index")]
    [InlineData("- 1\n", "mapping")]
    [InlineData("train: [\n", "YAML")]
    [InlineData("train: images\nx: &a [1]\ny: *a\nnames: [a]\n", "alias")]
    [InlineData("path: nowhere\ntrain: pictures\nnames: [a]\n", "not a folder")]
    [InlineData("trian: images\nnames: [a]\n", "Did you mean 'train'")]
    public void An_invalid_data_file_is_an_error_with_its_reason(string yaml, string word)
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("data.yaml", yaml);

        Assert.Contains(word, Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_does_not_overflow_the_stack()
    {
        using TestFolder folder = new TestFolder().Text("data.yaml", "names: " + new string('[', 100_000));

        Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path));
    }
}
