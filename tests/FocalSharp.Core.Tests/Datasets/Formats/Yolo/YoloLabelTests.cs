using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Core.Tests.Datasets.Formats.Yolo;

/// <summary>Labels as tools write them.</summary>
public sealed class YoloLabelTests
{
    // In an image of 100x80: 40..60 by 32..48.
    private static readonly Box Center = new(40, 32, 60, 48);

    [Theory]
    [InlineData("0 .5 .5 .2 .2", "", null)]
    [InlineData("0 .5 .5 .2 .2 .93", "", DatasetProblemKind.NonStandard)]
    [InlineData("0 .5 .5 .2 .2 17", "", DatasetProblemKind.NonStandard)]
    [InlineData("0 .5 .5 .2 .2 .93 17", "", DatasetProblemKind.NonStandard)]
    [InlineData("cat .5 .5 .2 .2", "", DatasetProblemKind.NonStandard)]
    [InlineData("0 .4 .4 .6 .4 .6 .6 .4 .6", "", DatasetProblemKind.ConvertedShape)]
    [InlineData("0 .4 .5 .5 .4 .6 .5 .5 .6 .45 .55", "", DatasetProblemKind.ConvertedShape)]
    [InlineData("0 .5 .5 .2 .2 .1 .1 .9 .9", "kpt_shape: [2, 2]\n", DatasetProblemKind.ConvertedShape)]
    [InlineData("0 .5 .5 .2 .2 .1 .1 2 .9 .9 1", "kpt_shape: [2, 3]\n", DatasetProblemKind.ConvertedShape)]
    [InlineData("0 .5 .5 .2 .2 .1 .1 2 .9 .9 1", "", DatasetProblemKind.ConvertedShape)]
    [InlineData("0 .5 .5 .2 .2 .1 .1 2", "", DatasetProblemKind.ConvertedShape)]
    public void The_box_is_read_and_the_rest_noted_once(string line, string keys, DatasetProblemKind? kind)
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Image("images/b.png").Text("labels/a.txt", line + "\n" + line).Text("labels/b.txt", line)
            .Text("data.yaml", "train: images\nnames: [cat]\n" + keys);

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(3, set.ObjectCount);
        Assert.All(set.Images.SelectMany(image => image.Objects), item => Assert.Equal((0, Center), (item.Label, Round(item.Box))));
        Assert.Equal(kind is { } noted ? [noted] : [], set.Problems.Select(problem => problem.Kind));
    }

    [Fact]
    public void The_pose_labels_of_COCO_have_their_boxes()
    {
        string line = "0 .5 .5 .2 .2 " + string.Concat(Enumerable.Repeat(".5 .5 2 ", 17));
        using TestFolder folder = new TestFolder().Image("images/a.png", 80, 60).Text("labels/a.txt", line).Text("data.yaml", "train: images\nnames: [person]\nkpt_shape: [17, 3]\n");

        // 32,24,16,12 as x, y, width, height.
        Assert.Equal(new Box(32, 24, 48, 36), Round(DatasetReader.Read(folder.Path).Images[0].Objects.Single().Box));
    }

    [Theory]
    [InlineData("images/a.png", "labels/a.TXT", false)]
    [InlineData("Images/a.png", "Labels/a.txt", false)]
    [InlineData("images/IMG_1.png", "labels/img_1.txt", false)]
    [InlineData("images/a.png", "labels/a.png.txt", true)]
    [InlineData("images/caf\u00e9.png", "labels/cafe\u0301.txt", false)]
    [InlineData("images/cafe\u0301.png", "labels/caf\u00e9.txt", false)]
    [InlineData("images/\ud55c.png", "labels/\u1112\u1161\u11ab.txt", false)]
    [InlineData("JPEGImages/a.png", "labels/a.txt", false)]
    [InlineData("images/val/a.png", "labels/valid/a.txt", false)]
    public void Label_files_are_found_under_names_that_differ_in_case_or_normalization(string image, string label, bool noted)
    {
        string source = image.Split('/')[0];
        using TestFolder folder = new TestFolder().Image(image).Text(label, "0 .5 .5 .2 .2").Text("data.yaml", $"train: {source}\nnames: [cat]\n");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(Center, Round(set.Images.Single().Objects.Single().Box));
        Assert.Equal(noted, set.Problems.Count == 1);
    }

    [Fact]
    public void Names_that_differ_only_in_case_have_their_own_labels()
    {
        using TestFolder folder = new TestFolder().Image("images/A.png").Image("images/a.png").Text("labels/A.txt", "0 .5 .5 .2 .2\n").Text("data.yaml", "train: images\nnames: [cat]\n");
        if (Directory.GetFiles(folder["images"]).Length < 2)
        {
            Assert.Skip("the file system ignores case");
        }

        Assert.Equal([("A.png", 1), ("a.png", 0)], DatasetReader.Read(folder.Path).Images.Select(image => (image.FileName, image.Objects.Count)));
    }

    [Fact]
    public void Label_files_without_an_image_are_reported()
    {
        using TestFolder folder = new TestFolder().Image("images/train/a.png").Text("labels/train/a.txt", "0 .5 .5 .2 .2\n").Text("labels/train/ghost.txt", "0 .5 .5 .2 .2\n")
            .Text("labels/train/classes.txt", "cat\n").Text("labels/train/notes.txt", "see the wiki\n").Image("images/train/b.tif").Text("labels/train/b.txt", "0 .5 .5 .2 .2\n")
            .Text("data.yaml", "train: images/train\nnames: [cat]\n");

        DatasetProblem problem = Assert.Single(DatasetReader.Read(folder.Path).Problems, problem => problem.Kind == DatasetProblemKind.OrphanLabel);

        Assert.Equal("labels/train/ghost.txt", problem.File);
    }

    [Theory]
    [InlineData("labels/x.txt")]
    [InlineData("more/annotations_yolo/a.txt")]
    public void Images_of_which_none_has_a_label_are_an_error_if_there_are_labels_nearby(string label)
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Image("images/b.png").Text(label, "0 .5 .5 .2 .2\n").Text("data.yaml", "train: images\nnames: [cat]\n");

        DatasetReport report = DatasetCheck.Run(DatasetReader.Read(folder.Path));

        LintFinding finding = Assert.Single(report.Findings, finding => finding.Id == "FS117");
        Assert.Equal(LintSeverity.Error, finding.Severity);
        Assert.Contains(label, finding.Examples[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decimal_comma_in_every_file_is_one_cause()
    {
        using TestFolder folder = new TestFolder().Text("data.yaml", "train: images\nnames: [cat]\n");
        for (int i = 0; i < 50; i++)
        {
            folder.Image($"images/{i:00}.png").Text($"labels/{i:00}.txt", $"0 0,{i + 1} 0,5 0,1 0,1\n");
        }

        ProblemGroup group = Assert.Single(ProblemGroup.Create(DatasetReader.Read(folder.Path).Problems));

        Assert.Equal(50, group.Count);
        Assert.Contains("decimal comma", group.Describe(), StringComparison.Ordinal);
        Assert.Contains("labels/00.txt line 1, labels/01.txt line 1, labels/02.txt line 1", group.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 .6 .6 .9 .9\n")]
    [InlineData("0 60 60 20 20\n")]
    public void Boxes_in_another_layout_are_refused_except_by_the_linter(string line)
    {
        string lines = string.Concat(Enumerable.Repeat(line, 12));
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("labels/a.txt", lines).Text("data.yaml", "train: images\nnames: [cat]\n");

        Assert.Contains("not in the layout of the format", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
        DetectionDataset set = DatasetReader.Read(folder.Path, new DatasetReadOptions { AllowWrongLayout = true });
        Assert.Contains(DatasetCheck.Run(set).Findings, finding => finding.Id == "FS205");
    }

    [Fact]
    public void Two_classes_of_one_name_are_kept_apart()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("labels/a.txt", "0 .5 .5 .2 .2\n1 .5 .5 .4 .4\n").Text("data.yaml", "train: images\nnames: [cat, 'cat ']\n");

        Assert.Equal([0, 1], DatasetReader.Read(folder.Path).Images[0].Objects.Select(item => item.Label));
    }

    private static Box Round(Box box) => new(MathF.Round(box.X1, 3), MathF.Round(box.Y1, 3), MathF.Round(box.X2, 3), MathF.Round(box.Y2, 3));
}
