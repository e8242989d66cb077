using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Coco;

public sealed class CocoReaderTests
{
    private const string Categories = """[{"id": 7, "name": "dog"}, {"id": 3, "name": "cat"}]""";

    [Fact]
    public void Converts_xywh_to_corners_and_retains_what_evaluation_needs()
    {
        using TestFolder folder = Folder("""{"id": 40, "image_id": 9, "category_id": 3, "bbox": [10.5, 20, 30, 5.25], "area": 99.5, "iscrowd": 1, "segmentation": {"counts": [1, [2]]}}""");
        DetectionDataset set = DatasetReader.Read(folder["a.json"]);

        Assert.Equal(["dog", "cat"], set.Classes);
        Assert.Equal([7, 3], set.CategoryIds);
        DatasetImage image = Assert.Single(set.Images);
        Assert.Equal((9, "a.png", 100, 80), (image.Id, image.FileName, image.Width, image.Height));
        ObjectAnnotation item = Assert.Single(image.Objects);
        Assert.Equal(new Box(10.5f, 20, 40.5f, 25.25f), item.Box);
        Assert.Equal((1, 40, 99.5, true), (item.Label, item.Id, item.Area, item.IsCrowd));
        Assert.Empty(set.Problems);
    }

    [Theory]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [1, 1, 0, 5]}""", DatasetProblemKind.DegenerateBox, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [1, 1, -4, 5]}""", DatasetProblemKind.DegenerateBox, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [100, 1, 4, 5]}""", DatasetProblemKind.DegenerateBox, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [90, 1, 40, 5]}""", DatasetProblemKind.OutsideBox, 1)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [NaN, 1, 4, 5]}""", DatasetProblemKind.NotFinite, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [1, 1, 4, -Infinity]}""", DatasetProblemKind.NotFinite, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [1, 1, 4, 1e99]}""", DatasetProblemKind.NotFinite, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [1, "x", 4, 5]}""", DatasetProblemKind.NotFinite, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [1, 1, 4]}""", DatasetProblemKind.UnreadableAnnotation, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3}""", DatasetProblemKind.UnreadableAnnotation, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 4, "bbox": [1, 1, 4, 5]}""", DatasetProblemKind.UnknownCategory, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "bbox": [1, 1, 4, 5]}""", DatasetProblemKind.UnknownCategory, 0)]
    [InlineData("""{"id": 1, "image_id": 8, "category_id": 3, "bbox": [1, 1, 4, 5]}""", DatasetProblemKind.MissingImage, 0)]
    [InlineData("""17""", DatasetProblemKind.UnreadableAnnotation, 0)]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [1, 1, 4, 5]}, {"id": 1, "image_id": 9, "category_id": 3, "bbox": [2, 1, 4, 5]}""", DatasetProblemKind.DuplicateId, 2)]
    public void Reports_an_invalid_annotation_and_continues(string annotation, DatasetProblemKind kind, int retained)
    {
        using TestFolder folder = Folder(annotation + """, {"id": 2, "image_id": 9, "category_id": 7, "bbox": [1, 2, 3, 4]}""");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(retained + 1, set.ObjectCount);
        DatasetProblem problem = Assert.Single(set.Problems);
        Assert.Equal((kind, "a.json"), (problem.Kind, problem.File));
        Assert.StartsWith("a.json: ", problem.Message, StringComparison.Ordinal);
        Assert.Equal(set.ObjectCount, set.Images[0].Objects.Select(item => item.Id).Distinct().Count());
    }

    [Fact]
    public void Names_file_image_and_box_of_a_problem()
    {
        using TestFolder folder = Folder("""{"id": 5, "image_id": 9, "category_id": 3, "bbox": [1, 1, 2, 2]}, {"id": 6, "image_id": 9, "category_id": 3, "bbox": [90, 1, 40, 5]}""");

        DatasetProblem problem = Assert.Single(DatasetReader.Read(folder.Path).Problems);

        Assert.Equal(("a.png", 1), (problem.Image, problem.Object));
        Assert.Equal(
            "a.json: image 'a.png': box 1 (annotation 6): [90, 1, 130, 6] extends 30 px beyond the image of 100x80, clipped to [90, 1, 100, 6]; correct the box unless this is intended.",
            problem.Message);
    }

    [Fact]
    public void Skips_images_that_are_missing_unreadable_duplicate_or_outside_the_folder()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("text.jpg", "not an image").Image("big.png", 50, 60).Text("a.json", $$"""
            {"images": [{"id": 1, "file_name": "a.png", "width": 100, "height": 80}, {"id": 2, "file_name": "gone.png", "width": 5, "height": 5},
             {"id": 3, "file_name": "text.jpg", "width": 5, "height": 5}, {"id": 1, "file_name": "twin.png"}, {"id": 4, "file_name": "../../etc/passwd"},
             {"id": 5, "file_name": "/etc/passwd"}, {"id": 6, "file_name": "C:\\x.png"}, {"id": 7, "file_name": "a.png"}, {"id": 8},
             {"id": 9, "file_name": "big.png", "width": 60, "height": 50}], "annotations": [], "categories": {{Categories}} }
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["a.png", "big.png"], set.Images.Select(image => image.FileName));
        Assert.Equal((50, 60), (set.Images[1].Width, set.Images[1].Height));
        Assert.Equal(
            [
                (DatasetProblemKind.MissingImage, "gone.png"), (DatasetProblemKind.UnreadableImage, "text.jpg"), (DatasetProblemKind.UnreadableAnnotation, null),
                (DatasetProblemKind.DuplicateId, "a.png"), (DatasetProblemKind.DuplicateId, "twin.png"), (DatasetProblemKind.EscapingPath, "../../etc/passwd"),
                (DatasetProblemKind.EscapingPath, "/etc/passwd"), (DatasetProblemKind.EscapingPath, "C:\\x.png"), (DatasetProblemKind.SizeMismatch, "big.png"),
            ],
            set.Problems.Select(problem => (problem.Kind, problem.Image)).OrderBy(Order));

        static int Order((DatasetProblemKind Kind, string? Image) problem) =>
            Array.IndexOf(["gone.png", "text.jpg", null, "a.png", "twin.png", "../../etc/passwd", "/etc/passwd", "C:\\x.png", "big.png"], problem.Image);
    }

    [Theory]
    [InlineData("annotations/instances_train2017.json", "train2017/a.png")]
    [InlineData("annotations/instances_train2017.json", "images/train2017/a.png")]
    [InlineData("annotations/instances_train.json", "images/train/a.png")]
    [InlineData("annotations/instances_train.json", "train/a.png")]
    [InlineData("annotations/train.json", "images/a.png")]
    [InlineData("instances_train.json", "train/a.png")]
    [InlineData("train/_annotations.coco.json", "train/a.png")]
    [InlineData("train.json", "a.png")]
    public void Finds_the_images_in_the_usual_places(string json, string image)
    {
        using TestFolder folder = new TestFolder().Image(image).Text(json, Content(""));

        foreach (string path in new[] { folder.Path, folder[json] })
        {
            DatasetImage found = Assert.Single(DatasetReader.Read(path).Images);
            Assert.Equal((folder[image], DatasetSplit.Train), (found.Path, found.Split));
        }
    }

    [Fact]
    public void Joins_the_categories_of_splits_by_name_and_preserves_image_ids()
    {
        using TestFolder folder = new TestFolder().Image("train/a.png").Image("valid/a.png")
            .Text("train/_annotations.coco.json", Content("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [1, 2, 3, 4]}"""))
            .Text("valid/_annotations.coco.json", """
                {"images": [{"id": 9, "file_name": "a.png"}], "categories": [{"id": 7, "name": "cat"}, {"id": 8, "name": "cow"}],
                 "annotations": [{"id": 1, "image_id": 9, "category_id": 7, "bbox": [1, 2, 3, 4]}, {"id": 2, "image_id": 9, "category_id": 8, "bbox": [1, 2, 3, 4]}]}
                """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["dog", "cat", "cow"], set.Classes);
        Assert.Equal([7, 3, 8], set.CategoryIds);
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Select(image => image.Split));
        Assert.All(set.Images, image => Assert.Equal(9, image.Id));
        Assert.Equal([1, 1, 2], set.Images.SelectMany(image => image.Objects).Select(item => item.Label));
    }

    [Fact]
    public void Reads_annotations_without_images_if_they_are_not_required()
    {
        using TestFolder folder = new TestFolder().Text("gt.json", Content("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [1, 2, 3, 4]}"""));

        Assert.Equal(1, DatasetReader.Read(folder["gt.json"], new DatasetReadOptions { RequireImages = false }).ObjectCount);
        DatasetException error = Assert.Throws<DatasetException>(() => DatasetReader.Read(folder["gt.json"]));
        Assert.Contains("Searched for images in", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_specified_image_folder_may_be_elsewhere()
    {
        using TestFolder images = new TestFolder().Image("a.png");
        using TestFolder folder = new TestFolder().Text("gt.json", Content(""));

        DatasetImage image = Assert.Single(DatasetReader.Read(folder.Path, new DatasetReadOptions { ImageFolder = images.Path }).Images);

        Assert.Equal(images["a.png"], image.Path);
    }

    [Fact]
    public void A_rounding_overshoot_is_not_clipped()
    {
        using TestFolder folder = Folder("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [90, 1, 10.01, 4]}""");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Empty(set.Problems);
        Assert.Equal(100.01f, set.Images[0].Objects[0].Box.X2);
    }

    [Fact]
    public void A_valid_file_is_read_if_another_is_broken()
    {
        using TestFolder folder = new TestFolder().Image("train/a.png").Text("annotations/instances_train.json", Content("")).Text("annotations/instances_val.json", "{\"images\": [");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images);
        Assert.Equal((DatasetProblemKind.UnreadableAnnotation, "annotations/instances_val.json"), (set.Problems[0].Kind, set.Problems[0].File));
    }

    private static TestFolder Folder(string annotations) => new TestFolder().Image("a.png").Text("a.json", Content(annotations));

    private static string Content(string annotations) => $$"""
        {"info": {"year": [2026]}, "annotations": [{{annotations}}], "images": [{"id": 9, "file_name": "a.png", "width": 100, "height": 80, "license": 2}],
         "categories": {{Categories}} }
        """;
}
