using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Voc;

/// <summary>VOC data sets as people store and split them.</summary>
public sealed class VocSplitTests
{
    private static readonly Box Box = new(10, 20, 30, 40);

    [Theory]
    [InlineData("JPEGImages/s/a.png", "Annotations/s/a.xml", "")]
    [InlineData("JPEGImages/a.png", "Annotations/a.XML", "")]
    [InlineData("jpegimages/A.PNG", "annotations/A.xml", "")]
    [InlineData("images/caf\u00e9.png", "Annotations/cafe\u0301.xml", "")]
    [InlineData("JPEGImages/a.png", "Annotations/s/a.xml", "")]
    [InlineData("images/train/a.png", "Annotations/train/a.xml", "Train")]
    [InlineData("Train/images/a.png", "Train/annotations/a.xml", "Train")]
    [InlineData("Valid/a.png", "Valid/a.xml", "Val")]
    [InlineData("camera1/day2/a.png", "camera1/day2/a.xml", "")]
    public void Images_and_XML_are_found_in_subfolders_under_names_of_any_case(string image, string xml, string split)
    {
        using TestFolder folder = new TestFolder().Image(image).Text(xml, Xml());

        DatasetImage found = Assert.Single(DatasetReader.Read(folder.Path).Images);

        Assert.Equal(folder[image], found.Path);
        Assert.Equal(split.Length == 0 ? DatasetSplit.Unassigned : Enum.Parse<DatasetSplit>(split), found.Split);
        Assert.Equal(Box, found.Objects.Single().Box);
    }

    [Theory]
    [InlineData("ImageSets/Main/train.txt", "ImageSets/Main/test.txt", "{0}", "\n")]
    [InlineData("ImageSets/Main/Train.txt", "ImageSets/Main/Test.txt", "{0}.png", "\r\n")]
    [InlineData("ImageSets/train2017.txt", "ImageSets/test2017.txt", "{0}  1", "\n")]
    [InlineData("train.txt", "eval.txt", "JPEGImages/{0}.png Annotations/{0}.xml", "\n")]
    [InlineData("lists/my/training.txt", "lists/my/dev.txt", "/home/x/VOC/JPEGImages/{0}.jpg", "\n")]
    [InlineData("splits/TRAIN.txt", "splits/VALID.txt", "D:\\VOC\\{0}.xml", "\n")]
    [InlineData("train_list.txt", "val_list.txt", "./JPEGImages/{0}.png ./Annotations/{0}.xml", "\n")]
    [InlineData("ImageSets/Main/plant_train.txt", "ImageSets/Main/plant_val.txt", "{0}", "\n")]
    public void Lists_of_any_name_and_place_assign_the_splits(string train, string eval, string line, string end)
    {
        using TestFolder folder = Folder("a", "b", "c");
        string Lines(params string[] ids) => string.Concat(ids.Select(id => string.Format(System.Globalization.CultureInfo.InvariantCulture, line, id) + end));
        folder.Text(train, Lines("a", "b")).Text(eval, Lines("c"));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Empty(set.Problems);
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Train], set.Images.Take(2).Select(image => image.Split));
        Assert.True(set.Images[2].Split is DatasetSplit.Val or DatasetSplit.Test);
    }

    [Fact]
    public void Lists_name_images_of_subfolders_by_path_or_by_name()
    {
        using TestFolder folder = new TestFolder().Image("JPEGImages/s/a.png").Text("Annotations/s/a.xml", Xml()).Image("JPEGImages/t/a.png").Text("Annotations/t/a.xml", Xml())
            .Image("JPEGImages/t/b.png").Text("Annotations/t/b.xml", Xml()).Text("ImageSets/Main/train.txt", "s/a\nb\n").Text("ImageSets/Main/val.txt", "t/a\n");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(
            [("s/a.png", DatasetSplit.Train), ("t/a.png", DatasetSplit.Val), ("t/b.png", DatasetSplit.Train)],
            set.Images.Select(image => (image.FileName, image.Split)));
    }

    [Fact]
    public void Train_and_val_of_the_same_images_are_both_used_with_a_warning()
    {
        using TestFolder folder = Folder("a", "b").Text("ImageSets/Main/train.txt", "a\nb\n").Text("ImageSets/Main/val.txt", "a\nb\n").Text("ImageSets/Main/trainval.txt", "a\nb\n");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([2, 2], set.Images.CountBy(image => image.Split).Select(pair => pair.Value));
        Assert.Equal(DatasetProblemKind.SharedSplit, Assert.Single(set.Problems).Kind);
        Assert.NotNull(TrainEvalSplit.Create(set).Warning);
    }

    [Fact]
    public void Lists_of_other_tasks_and_of_classes_assign_nothing()
    {
        using TestFolder folder = Folder("a", "b", "c").Text("ImageSets/Main/train.txt", "a\n").Text("ImageSets/Main/val.txt", "b\n")
            .Text("ImageSets/Segmentation/test.txt", "a\n").Text("ImageSets/Main/x_test.txt", "a  1\nb -1\n");

        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val, DatasetSplit.Unassigned], DatasetReader.Read(folder.Path).Images.Select(image => image.Split));
    }

    [Fact]
    public void A_list_of_an_unknown_name_is_not_trained_on()
    {
        using TestFolder folder = Folder("a", "b", "c").Text("ImageSets/Main/train.txt", "a\nb\n").Text("ImageSets/Main/unseen.txt", "c\n");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(DatasetProblemKind.UnknownSplit, Assert.Single(set.Problems).Kind);
        Assert.Contains("unseen.txt", Assert.Throws<DatasetException>(() => TrainEvalSplit.Create(set)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C:\\Users\\me\\pictures\\real.png")]
    [InlineData("../../pictures/real.png")]
    [InlineData("pictures/real.png")]
    public void A_stated_path_of_another_machine_is_found_by_its_name(string fileName)
    {
        using TestFolder folder = new TestFolder().Image("JPEGImages/real.png").Text("Annotations/0001.xml", Xml(fileName));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal("real.png", set.Images.Single().FileName);
        Assert.Equal(DatasetProblemKind.NonStandard, Assert.Single(set.Problems).Kind);
    }

    [Fact]
    public void Two_files_of_one_image_are_combined()
    {
        using TestFolder folder = new TestFolder().Image("JPEGImages/a.png").Text("Annotations/one/a.xml", Xml()).Text("Annotations/two/a.xml", Xml().Replace("<xmin>11<", "<xmin>15<", StringComparison.Ordinal));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(2, Assert.Single(set.Images).Objects.Count);
        Assert.Equal(DatasetProblemKind.NonStandard, Assert.Single(set.Problems).Kind);
    }

    [Fact]
    public void Elements_are_recognized_in_any_case_and_others_are_named()
    {
        using TestFolder folder = Folder("a").Image("JPEGImages/b.png").Text("Annotations/b.xml", Xml().Replace("object>", "Object>", StringComparison.Ordinal).Replace("bndbox>", "bndBox>", StringComparison.Ordinal))
            .Image("JPEGImages/c.png").Text("Annotations/c.xml", Xml().Replace("object>", "item>", StringComparison.Ordinal));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([1, 1, 0], set.Images.Select(image => image.Objects.Count));
        Assert.Contains("<item>", Assert.Single(set.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<polygon><x1>10</x1><y1>20</y1><x2>30</x2><y2>20</y2><x3>30</x3><y3>40</y3></polygon>")]
    [InlineData("<polygon><pt><x>10</x><y>20</y></pt><pt><x>30</x><y>40</y></pt><pt><x>12</x><y>40</y></pt></polygon>")]
    public void A_polygon_without_a_box_becomes_its_enclosing_box(string polygon)
    {
        using TestFolder folder = new TestFolder().Image("JPEGImages/a.png").Text("Annotations/a.xml", $"<annotation><object><name>x</name>{polygon}</object></annotation>");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(Box, set.Images.Single().Objects.Single().Box);
        Assert.Equal(DatasetProblemKind.ConvertedShape, Assert.Single(set.Problems).Kind);
    }

    private static TestFolder Folder(params string[] ids)
    {
        TestFolder folder = new();
        foreach (string id in ids)
        {
            folder.Image($"JPEGImages/{id}.png").Text($"Annotations/{id}.xml", Xml());
        }

        return folder;
    }

    private static string Xml(string fileName = "other.png") => $"<annotation><filename>{fileName}</filename><size><width>100</width><height>80</height></size>"
        + "<object><name>x</name><bndbox><xmin>11</xmin><ymin>21</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object></annotation>";
}
