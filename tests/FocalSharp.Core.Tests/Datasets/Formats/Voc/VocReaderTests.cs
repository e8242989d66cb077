using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Voc;

public sealed class VocReaderTests
{
    [Fact]
    public void Reads_corners_as_1_based_and_inclusive_and_sorts_the_classes()
    {
        using TestFolder folder = Folder(("a", Object("zebra", 1, 1, 100, 80) + Object("ant", 11, 21, 30, 40, difficult: 1)));
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Empty(set.Problems);
        Assert.Equal(["ant", "zebra"], set.Classes);
        Assert.Equal([1, 2], set.CategoryIds);
        IReadOnlyList<ObjectAnnotation> objects = set.Images[0].Objects;
        Assert.Equal((new Box(0, 0, 100, 80), 1, false, 8000.0), (objects[0].Box, objects[0].Label, objects[0].IsDifficult, objects[0].Area));
        Assert.Equal((new Box(10, 20, 30, 40), 0, true), (objects[1].Box, objects[1].Label, objects[1].IsDifficult));
        Assert.Equal([1, 2], objects.Select(item => item.Id));
    }

    [Fact]
    public void A_list_of_classes_gives_their_order()
    {
        using TestFolder folder = Folder(("a", Object("zebra", 1, 1, 9, 9) + Object("ox", 1, 1, 9, 9))).Text("labels.txt", "zebra\nant\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["zebra", "ant"], set.Classes);
        Assert.Equal(DatasetProblemKind.UnknownCategory, Assert.Single(set.Problems).Kind);
    }

    [Fact]
    public void Trainval_is_the_union_and_each_image_has_one_split()
    {
        using TestFolder folder = Folder(("a", ""), ("b", ""), ("c", ""), ("d", ""), ("e", ""), ("f", Object("x", 1, 1, 9, 9)))
            .Text("ImageSets/Main/train.txt", "a\nb 1").Text("ImageSets/Main/val.txt", "c\r\n").Text("ImageSets/Main/trainval.txt", "a\nb\nc\nd\ngone\n")
            .Text("ImageSets/Main/test.txt", "e\nb\n").Text("ImageSets/Main/x_train.txt", "f  1\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(
            [DatasetSplit.Train, DatasetSplit.Test, DatasetSplit.Val, DatasetSplit.Train, DatasetSplit.Test, DatasetSplit.Unassigned],
            set.Images.Select(image => image.Split));
        Assert.Equal(
            [(DatasetProblemKind.UnreadableAnnotation, "gone"), (DatasetProblemKind.DuplicateId, "b.png")],
            set.Problems.Select(problem => (problem.Kind, problem.Image)));
    }

    [Fact]
    public void Ids_may_contain_spaces()
    {
        using TestFolder folder = Folder(("my cat 1", Object("x", 1, 1, 9, 9)), ("b", "")).Text("ImageSets/Main/val.txt", "my cat 1\nb  -1\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Empty(set.Problems);
        Assert.All(set.Images, image => Assert.Equal(DatasetSplit.Val, image.Split));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("train/", "Train")]
    [InlineData("valid/", "Val")]
    public void Reads_xml_beside_the_images(string place, string split)
    {
        using TestFolder folder = new TestFolder().Image(place + "a.png").Text(place + "a.xml", Xml("other-name.jpg", Object("x", 1, 1, 9, 9)));

        DatasetImage image = Assert.Single(DatasetReader.Read(folder.Path).Images);

        Assert.Equal((folder[place + "a.png"], split.Length == 0 ? DatasetSplit.Unassigned : Enum.Parse<DatasetSplit>(split)), (image.Path, image.Split));
    }

    [Theory]
    [InlineData("annots", "images")]
    [InlineData("boxes", "photos")]
    [InlineData("Annotations", "photos")]
    public void Reads_xml_in_a_folder_of_any_name_beside_that_of_the_images(string xml, string images)
    {
        using TestFolder folder = new TestFolder().Image($"{images}/a.png").Text($"{xml}/a.xml", Xml("other-name.jpg", Object("x", 1, 1, 9, 9)));

        DatasetImage image = Assert.Single(DatasetReader.Read(folder.Path).Images);

        Assert.Equal((folder[$"{images}/a.png"], 1, DatasetSplit.Unassigned), (image.Path, image.Objects.Count, image.Split));
    }

    [Fact]
    public void Folders_of_any_names_may_be_in_folders_of_splits()
    {
        using TestFolder folder = new TestFolder()
            .Image("train/photos/a.png").Text("train/annots/a.xml", Xml("a.png", Object("x", 1, 1, 9, 9)))
            .Image("val/photos/a.png").Text("val/annots/a.xml", Xml("a.png", Object("x", 1, 1, 5, 5)));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(
            [(folder["train/photos/a.png"], DatasetSplit.Train, 9f), (folder["val/photos/a.png"], DatasetSplit.Val, 5f)],
            set.Images.Select(image => (image.Path, image.Split, image.Objects[0].Box.X2)));
    }

    [Theory]
    [InlineData("<xmin>5</xmin><ymin>5</ymin><xmax>5</xmax><ymax>9</ymax>", DatasetProblemKind.DegenerateBox)]
    [InlineData("<xmin>9</xmin><ymin>5</ymin><xmax>5</xmax><ymax>9</ymax>", DatasetProblemKind.DegenerateBox)]
    [InlineData("<xmin>0</xmin><ymin>5</ymin><xmax>5</xmax><ymax>9</ymax>", DatasetProblemKind.OutsideBox)]
    [InlineData("<xmin>a</xmin><ymin>5</ymin><xmax>5</xmax><ymax>9</ymax>", DatasetProblemKind.NotFinite)]
    [InlineData("<xmin>NaN</xmin><ymin>5</ymin><xmax>5</xmax><ymax>9</ymax>", DatasetProblemKind.NotFinite)]
    [InlineData("<xmin>1</xmin><ymin>5</ymin><xmax>5</xmax>", DatasetProblemKind.UnreadableAnnotation)]
    public void Reports_a_bad_box(string corners, DatasetProblemKind kind)
    {
        using TestFolder folder = Folder(("a", Object("x", 1, 1, 9, 9) + $"<object><name>x</name><bndbox>{corners}</bndbox></object>"));

        DatasetProblem problem = Assert.Single(DatasetReader.Read(folder.Path).Problems);

        Assert.Equal((kind, "Annotations/a.xml", "a.png", 1), (problem.Kind, problem.File, problem.Image, problem.Object));
    }

    [Theory]
    [InlineData("not xml")]
    [InlineData("<annotation><object></annotation>")]
    [InlineData("<kml/>")]
    [InlineData("<!DOCTYPE annotation [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><annotation><filename>&x;</filename></annotation>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><annotation>&c;</annotation>")]
    public void Reports_xml_that_is_broken_or_has_a_dtd(string xml)
    {
        using TestFolder folder = Folder(("a", Object("x", 1, 1, 9, 9))).Image("JPEGImages/b.png").Text("Annotations/b.xml", xml);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images);
        Assert.Equal((DatasetProblemKind.UnreadableAnnotation, "Annotations/b.xml"), (set.Problems[0].Kind, Assert.Single(set.Problems).File));
        Assert.Equal(xml.Contains("DOCTYPE", StringComparison.Ordinal), set.Problems[0].Message.Contains("it has a document type declaration", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_name_cannot_escape_the_folder()
    {
        using TestFolder folder = new TestFolder().Image("secret.png").Image("set/JPEGImages/ok.png")
            .Text("set/Annotations/ok.xml", Xml("ok.png", Object("x", 1, 1, 9, 9))).Text("set/Annotations/evil.xml", Xml("../../secret.png", ""));
        DetectionDataset set = DatasetReader.Read(folder["set"]);

        Assert.Equal("ok.png", Assert.Single(set.Images).FileName);
        Assert.Equal([DatasetProblemKind.EscapingPath, DatasetProblemKind.MissingImage], set.Problems.Select(problem => problem.Kind));
    }

    [Fact]
    public void Parts_of_an_object_are_not_missing_labels()
    {
        using TestFolder folder = Folder(("a", "<object><name>x</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox><part><name>head</name><bndbox><xmin>2</xmin><ymin>2</ymin><xmax>3</xmax><ymax>3</ymax></bndbox></part></object>"));
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["x"], set.Classes);
        Assert.Equal(new Box(0, 0, 9, 9), Assert.Single(set.Images[0].Objects).Box);
    }

    // The LabelMe web tool: a mask in another file, with the box around it.
    [Fact]
    public void The_box_around_a_mask_is_read()
    {
        using TestFolder folder = Folder(("a", "<object><name>x</name><segm><box><xmin>10</xmin><ymin>12</ymin><xmax>30</xmax><ymax>32</ymax></box><mask>a_mask_1.png</mask></segm></object>"));
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("x", 10, 12, 30, 32));
        Assert.Equal([DatasetProblemKind.ConvertedShape], set.Kinds());
    }

    [Fact]
    public void Comments_in_lists_are_not_images()
    {
        using TestFolder folder = Folder(("a", Object("x", 1, 1, 9, 9))).Text("ImageSets/Main/train.txt", "# made by hand\na\n");

        Assert.Empty(DatasetReader.Read(folder.Path).Problems);
    }

    [Fact]
    public void Xml_of_another_kind_is_not_taken_for_annotations()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("tracklets.xml", "<?xml version=\"1.0\"?><!DOCTYPE boost_serialization><boost_serialization/>");

        Assert.Contains("no detection data set was recognized", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static TestFolder Folder(params (string Id, string Objects)[] images)
    {
        TestFolder folder = new();
        foreach ((string id, string objects) in images)
        {
            folder.Image($"JPEGImages/{id}.png").Text($"Annotations/{id}.xml", Xml(id + ".png", objects));
        }

        return folder;
    }

    private static string Xml(string fileName, string objects) =>
        $"<annotation><filename>{fileName}</filename><size><width>100</width><height>80</height><depth>3</depth></size>{objects}</annotation>";

    private static string Object(string name, int xMin, int yMin, int xMax, int yMax, int difficult = 0) =>
        $"<object><name>{name}</name><difficult>{difficult}</difficult><bndbox><xmin>{xMin}</xmin><ymin>{yMin}</ymin><xmax>{xMax}</xmax><ymax>{yMax}</ymax></bndbox></object>";
}
