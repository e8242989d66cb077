using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.LabelMe;

public sealed class LabelMeFormatTests
{
    [Fact]
    public void Reads_every_shape_as_its_enclosing_box()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", """
            {"version": "5.4.1", "flags": {}, "imageData": "iVBORw0KGgo=", "imagePath": "a.png", "imageHeight": 80, "imageWidth": 100, "shapes": [
              {"label": "cat", "points": [[10, 12], [30.5, 32]], "group_id": null, "shape_type": "rectangle", "flags": {}},
              {"label": "cat", "points": [[30, 32], [10, 12]], "shape_type": "rectangle"},
              {"label": "dog", "points": [[10, 10], [40, 15], [25, 30]], "shape_type": "polygon"},
              {"label": "dog", "points": [[50, 40], [53, 44]], "shape_type": "circle"},
              {"label": "ship", "points": [[20, 10], [30, 20], [20, 30], [10, 20]], "shape_type": "rotation", "direction": 0.785},
              {"label": "ship", "points": [[10, 20], [14, 24]], "shape_type": "mask", "mask": "iVBORw0KGgo="},
              {"label": "wire", "points": [[1, 2], [3, 4]], "shape_type": "line"},
              {"label": "wire", "points": [[1, 2]], "shape_type": "point"}]}
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        // A circle is given by its center and a point on it: radius 5. The points of a mask are its first and last pixel.
        Assert.Single(set.Images).AssertObjects(
            set, ("cat", 10, 12, 30.5f, 32), ("cat", 10, 12, 30, 32), ("dog", 10, 10, 40, 30), ("dog", 45, 35, 55, 45), ("ship", 10, 10, 30, 30), ("ship", 10, 20, 15, 25));
        Assert.Equal([.. Enumerable.Repeat(DatasetProblemKind.ConvertedShape, 4), DatasetProblemKind.SkippedShape], set.Kinds());
    }

    [Fact]
    public void Finds_images_beside_in_folders_and_by_their_name_alone()
    {
        using TestFolder folder = new TestFolder().Image("train/a.png").Image("images/b.png").Image("val/pictures/c.png")
            .Text("train/a.json", Json("a.png")).Text("labels/b.json", Json("..\\\\images\\\\b.png")).Text("val/c.json", Json("D:\\\\photos\\\\c.png"));
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(
            [("a.png", DatasetSplit.Train, 1), ("b.png", DatasetSplit.Unassigned, 1), ("pictures/c.png", DatasetSplit.Val, 1)],
            set.Images.Select(image => (image.FileName, image.Split, image.Objects.Count)).Order());
        Assert.Equal([DatasetProblemKind.NonStandard], set.Kinds());
    }

    [Theory]
    [InlineData("../outside.png")]
    [InlineData("/etc/outside.png")]
    public void A_path_never_leaves_the_folder(string path)
    {
        using TestFolder folder = new TestFolder().Image("outside.png").Image("set/b.png").Text("set/a.json", Json(path)).Text("set/b.json", Json("b.png"));
        DetectionDataset set = DatasetReader.Read(folder["set"]);

        Assert.Equal("b.png", Assert.Single(set.Images).FileName);
        Assert.Equal([DatasetProblemKind.MissingImage], set.Kinds());
    }

    [Fact]
    public void Classes_are_sorted_and_follow_a_list()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Image("b.png").Text("a.json", Json("a.png", "zebra")).Text("b.json", Json("b.png", "ant"));

        Assert.Equal(["ant", "zebra"], DatasetReader.Read(folder.Path).Classes);
        folder.Text("labels.txt", "__ignore__\n_background_\nzebra\nunused\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);
        Assert.Equal(["zebra", "unused", "ant"], set.Classes);
        Assert.Equal([0, 2], set.Images.Select(image => image.Objects[0].Label));
    }

    [Fact]
    public void A_class_in_a_legacy_encoding_is_read_and_reported()
    {
        // 狗 in GB2312, as on Chinese Windows.
        byte[] json = System.Text.Encoding.Latin1.GetBytes(Json("a.png", "\u00B9\u00B7"));
        using TestFolder folder = new TestFolder().Image("a.png").Bytes("a.json", json);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["狗"], set.Classes);
        Assert.Equal([DatasetProblemKind.LegacyEncoding], set.Kinds());
    }

    [Fact]
    public void A_broken_file_is_reported_and_the_others_are_read()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Image("b.png").Text("a.json", Json("a.png")).Text("b.json", Json("b.png")[..60]);

        Assert.Equal([DatasetProblemKind.UnreadableAnnotation], DatasetReader.Read(folder.Path).Kinds());
    }

    [Fact]
    public void An_image_that_only_the_annotation_file_contains_is_named()
    {
        string embedded = Json("b.png").Replace("\"version\": \"5.0\"", "\"version\": \"5.0\", \"imageData\": \"iVBORw0KGgo=\"", StringComparison.Ordinal);
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", Json("a.png")).Text("b.json", embedded);

        DatasetProblem problem = Assert.Single(DatasetReader.Read(folder.Path).Problems);

        Assert.Equal(DatasetProblemKind.MissingImage, problem.Kind);
        Assert.Contains("the copy in the annotation file ('imageData') is not read", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("old-name.png", 1)]
    [InlineData("b.json", 0)]
    public void An_image_renamed_with_its_annotations_is_found(string stated, int problems)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Image("b.png").Text("a.json", Json("a.png")).Text("b.json", Json(stated));
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["a.png", "b.png"], set.Images.Select(image => image.FileName));
        Assert.Equal(problems, set.Problems.Count);
        Assert.All(set.Problems, problem => Assert.Equal(DatasetProblemKind.NonStandard, problem.Kind));
    }

    private static string Json(string path, string label = "cat") =>
        $$"""{"version": "5.0", "shapes": [{"label": "{{label}}", "points": [[10, 10], [30, 30]], "shape_type": "rectangle"}], "imagePath": "{{path}}", "imageHeight": 80, "imageWidth": 100}""";
}
