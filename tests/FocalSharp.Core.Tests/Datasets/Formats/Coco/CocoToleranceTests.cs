using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Core.Tests.Datasets.Formats.Coco;

/// <summary>COCO files that depart from the format.</summary>
public sealed class CocoToleranceTests
{
    private const string Images = """{"id": 1, "file_name": "a.png", "width": 100, "height": 80}""";
    private const string Objects = """{"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20]}""";
    private const string Categories = """{"id": 1, "name": "a"}""";
    private static readonly Box Box = new(10, 10, 30, 30);

    [Theory]
    [InlineData("""{"images": [#I], "annotations": {"1": #A}, "categories": [#C]}""")]
    [InlineData("""{"images": {"x": #I}, "annotations": [#A], "categories": [#C]}""")]
    [InlineData("""{"images": {"1": {"file_name": "a.png"}}, "annotations": [#A], "categories": {"1": "a"}}""")]
    [InlineData("""{"images": [#I], "annotation": [#A], "categories": [#C]}""")]
    [InlineData("""{"image": [#I], "anotations": [#A], "category": [#C]}""")]
    [InlineData("""{"Images": [#I], "Annotations": [#A], "Categories": [#C]}""")]
    [InlineData("""{"images": [{"id": 1, "filename": "a.png"}], "annotations": [#A], "categories": [#C]}""")]
    [InlineData("""{"images": [{"image_id": 1, "path": "a.png"}], "annotations": [{"imageId": "1", "categoryId": 1.0, "box": [10, 10, 20, 20]}], "categories": [{"id": "1", "label": "a"}]}""")]
    [InlineData("""{"annotation": {"k": #A}, "categories": [#C], "images": [{"ID": 1, "File_Name": "a.png"}]}""")]
    public void Near_spellings_and_objects_instead_of_lists_are_read_with_a_warning(string json)
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("annotations/instances_train.json", Fill(json));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["a"], set.Classes);
        Assert.Equal(Box, Assert.Single(set.Images).Objects.Single().Box);
        Assert.NotEmpty(set.Problems);
        Assert.All(set.Problems, problem => Assert.Equal(DatasetProblemKind.NonStandard, problem.Kind));
    }

    [Theory]
    [InlineData("""{"images": [#I], "annotations": [#A], "categories": [#C], "annotation": [{}, {}], "image": 5}""")]
    [InlineData("""{"annotation": [{}, {}], "images": [{"id": 1, "name": "title", "file_name": "a.png"}], "annotations": [#A], "categories": [#C]}""")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png", "filename": "b.png", "image_id": 7}], "annotations": [#A], "categories": [#C]}""")]
    [InlineData("""{"images": [#I], "annotations": [{"id": 1, "image_id": 1, "category_id": "1", "bbox": [10, 10, 20, 20], "iscrowd": null, "area": null}], "categories": [#C]}""")]
    public void The_keys_of_the_format_take_precedence(string json)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", Fill(json));

        Assert.Equal(Box, Assert.Single(DatasetReader.Read(folder.Path).Images).Objects.Single().Box);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a.5")] // no extension, but a part of the name
    [InlineData("scan.v2.0")]
    public void Names_without_an_extension_are_those_of_images_with_one(string name)
    {
        using TestFolder folder = new TestFolder().Image($"images/{name}.png").Text(
            "annotations/instances_train.json",
            Fill($$"""{"images": [{"id": 1, "file_name": "{{name}}", "width": 100, "height": 80}], "annotations": [#A], "categories": [#C]}"""));

        DatasetImage image = Assert.Single(DatasetReader.Read(folder.Path).Images);

        Assert.Equal(Path.Combine(folder.Path, "images", $"{name}.png"), image.Path);
        Assert.Equal(Box, image.Objects.Single().Box);
    }

    [Theory]
    [InlineData("\"none\"", "'annotations' is text instead of a list")]
    [InlineData("null", "'annotations' is null instead of a list")]
    [InlineData("{}", "'annotations' is an object without elements")]
    [InlineData("3", "'annotations' is a number instead of a list")]
    public void A_part_of_the_wrong_type_is_an_error_of_the_linter(string value, string message)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", Fill($$"""{"images": [#I], "annotations": {{value}}, "categories": [#C]}"""));

        LintFinding finding = Assert.Single(DatasetCheck.Run(DatasetReader.Read(folder.Path)).Findings, finding => finding.Id == "FS103");

        Assert.Contains(message, finding.Examples[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_annotations_is_an_error_of_the_linter_that_names_its_keys()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", Fill("""{"images": [#I], "regions": [], "categories": [#C]}"""));

        LintFinding finding = Assert.Single(DatasetCheck.Run(DatasetReader.Read(folder.Path)).Findings, finding => finding.Id == "FS117");

        Assert.Contains("'regions'", finding.Examples[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_other_keys_is_refused_with_its_keys_and_the_expected_ones()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", """{"pictures": [], "regions": []}""");

        string message = Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message;

        Assert.Contains("'pictures', 'regions'", message, StringComparison.Ordinal);
        Assert.Contains("'images', 'annotations' and 'categories'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..\\\\..\\\\label-studio\\\\media\\\\upload\\\\4\\\\a.png", "images/a.png")]
    [InlineData("C:\\\\Users\\\\me\\\\a.png", "images/a.png")]
    [InlineData("/home/me/set/images/s/a.png", "images/s/a.png")]
    [InlineData("https://host/bucket/a.png?x=1", "images/a.png")]
    [InlineData("photos/a.png", "images/a.png")]
    [InlineData("a.png", "pictures/holiday/a.png")]
    public void Paths_of_another_machine_are_found_by_their_end_with_a_note(string name, string place)
    {
        using TestFolder outside = new TestFolder().Image("a.png");
        using TestFolder folder = new TestFolder().Image(place).Text("annotations/instances_train.json", Fill($$"""{"images": [{"id": 1, "file_name": "{{name}}"}], "annotations": [#A], "categories": [#C]}"""));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal((folder[place], Box), (set.Images.Single().Path, set.Images.Single().Objects.Single().Box));
        Assert.Equal(DatasetProblemKind.NonStandard, Assert.Single(set.Problems).Kind);
    }

    [Fact]
    public void Two_entries_are_never_read_from_one_file_by_its_name()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("a.json", Fill("""
            {"images": [{"id": 1, "file_name": "one/a.png"}, {"id": 2, "file_name": "two/a.png"}], "annotations": [#A], "categories": [#C]}
            """));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(1, Assert.Single(set.Images).Id);
        Assert.Contains(set.Problems, problem => problem is { Kind: DatasetProblemKind.MissingImage, Image: "two/a.png" });
    }

    [Theory]
    [InlineData("a.PNG", "a.png")]
    [InlineData("caf\u00e9.png", "cafe\u0301.png")]
    [InlineData("a.png", "a")]
    public void File_names_may_differ_in_case_normalization_or_extension(string file, string stated)
    {
        using TestFolder folder = new TestFolder().Image("images/" + file).Image("images/other.png")
            .Text("a.json", Fill($$"""{"images": [{"id": 1, "file_name": "{{stated}}"}, {"id": 2, "file_name": "other.png"}], "annotations": [#A], "categories": [#C]}"""));

        Assert.Equal(Box, DatasetReader.Read(folder.Path).Images[0].Objects.Single().Box);
    }

    [Theory]
    [InlineData("annotations/instances_Train.json", "images/Train/a.png", "annotations/instances_Validation.json", "images/Validation/b.png")]
    [InlineData("Annotations/train2017.json", "train2017/a.png", "Annotations/minival2014.json", "val2014/b.png")]
    [InlineData("Train/_annotations.coco.json", "Train/a.png", "Dev/_annotations.coco.json", "Dev/b.png")]
    [InlineData("train/annotations.json", "train/images/a.png", "eval/annotations.json", "eval/images/b.png")]
    [InlineData("annotations/train/labels.json", "images/train/a.png", "annotations/valid/labels.json", "images/valid/b.png")]
    [InlineData("instances_train.json", "a.png", "val.json", "b.png")]
    [InlineData("train.JSON", "images/a.png", "dev.JSON", "images/b.png")]
    public void Splits_are_found_under_every_name_and_place(string train, string image, string val, string evalImage)
    {
        string json = """{"images": [{"id": 1, "file_name": "#N"}], "annotations": [#A], "categories": [#C]}""";
        using TestFolder folder = new TestFolder().Image(image).Text(train, Fill(json).Replace("#N", "a.png", StringComparison.Ordinal))
            .Image(evalImage).Text(val, Fill(json).Replace("#N", "b.png", StringComparison.Ordinal));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Empty(set.Problems);
        Assert.Equal([("a.png", DatasetSplit.Train, 1), ("b.png", DatasetSplit.Val, 1)], set.Images.OrderBy(found => found.Split).Select(found => (found.FileName, found.Split, found.Objects.Count)));
    }

    [Theory]
    [InlineData("\"file_name\": \"train2017/a.png\"", "\"file_name\": \"val2017/b.png\"")]
    [InlineData("\"file_name\": \"train2017/a.png\", \"split\": \"train\"", "\"file_name\": \"val2017/b.png\", \"split\": \"dev\"")]
    public void Entries_of_one_file_may_name_their_split(string first, string second)
    {
        using TestFolder folder = new TestFolder().Image("images/train2017/a.png").Image("images/val2017/b.png")
            .Text("all.json", Fill($$"""{"images": [{"id": 1, {{first}}}, {"id": 2, {{second}}}], "annotations": [#A], "categories": [#C]}"""));

        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], DatasetReader.Read(folder.Path).Images.Select(image => image.Split));
    }

    [Fact]
    public void Train_and_val_of_the_same_images_are_both_used_with_a_warning()
    {
        string json = Fill("""{"images": [#I], "annotations": [#A], "categories": [#C]}""");
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("annotations/train.json", json).Text("annotations/val.json", json);

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Select(image => image.Split));
        Assert.Equal(DatasetProblemKind.SharedSplit, Assert.Single(set.Problems).Kind);
        Assert.NotNull(TrainEvalSplit.Create(set).Warning);
    }

    [Fact]
    public void An_image_of_train_and_val_stays_in_val()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Image("images/b.png")
            .Text("annotations/train.json", Fill("""{"images": [#I, {"id": 2, "file_name": "b.png"}], "annotations": [#A], "categories": [#C]}"""))
            .Text("annotations/val.json", Fill("""{"images": [#I], "annotations": [#A], "categories": [#C]}"""));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([("b.png", DatasetSplit.Train), ("a.png", DatasetSplit.Val)], set.Images.Select(image => (image.FileName, image.Split)));
        Assert.Equal(DatasetProblemKind.DuplicateId, Assert.Single(set.Problems).Kind);
    }

    [Fact]
    public void A_file_of_an_unknown_name_beside_train_is_not_trained_on()
    {
        string json = """{"images": [{"id": 1, "file_name": "#N"}], "annotations": [#A], "categories": [#C]}""";
        using TestFolder folder = new TestFolder().Image("images/a.png").Image("images/b.png").Text("annotations/instances_train.json", Fill(json).Replace("#N", "a.png", StringComparison.Ordinal))
            .Text("annotations/instances_vall.json", Fill(json).Replace("#N", "b.png", StringComparison.Ordinal));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Contains("instances_vall.json", Assert.Single(set.Problems).Message, StringComparison.Ordinal);
        Assert.Contains("instances_vall.json", Assert.Throws<DatasetException>(() => TrainEvalSplit.Create(set)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_of_one_split_are_combined()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("annotations/train_cats.json", Fill("""{"images": [#I], "annotations": [#A], "categories": [#C]}"""))
            .Text("annotations/train_dogs.json", """{"images": [{"id": 5, "file_name": "a.png"}], "annotations": [{"id": 1, "image_id": 5, "category_id": 1, "bbox": [50, 10, 20, 20]}], "categories": [{"id": 1, "name": "dog"}]}""");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([("a", Box), ("dog", new Box(50, 10, 70, 30))], Assert.Single(set.Images).Objects.Select(item => (set.Classes[item.Label], item.Box)));
    }

    [Fact]
    public void Two_classes_of_one_name_are_kept_apart_across_files()
    {
        string json = """
            {"images": [{"id": 1, "file_name": "#N"}], "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "cat"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20]}, {"id": 2, "image_id": 1, "category_id": 2, "bbox": [40, 10, 20, 20]}]}
            """;
        using TestFolder folder = new TestFolder().Image("images/a.png").Image("images/b.png")
            .Text("annotations/train.json", json.Replace("#N", "a.png", StringComparison.Ordinal)).Text("annotations/val.json", json.Replace("#N", "b.png", StringComparison.Ordinal));

        Assert.Equal([0, 1, 0, 1], DatasetReader.Read(folder.Path).Images.SelectMany(image => image.Objects).Select(item => item.Label));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Boxes_as_corners_are_refused_except_by_the_linter(int count)
    {
        string objects = string.Join(", ", Enumerable.Range(0, count).Select(i => $$"""{"id": {{i + 1}}, "image_id": 1, "category_id": 1, "bbox": [60, 40, {{80 + i % 10}}, 70]}"""));
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", Fill($$"""{"images": [#I], "annotations": [{{objects}}], "categories": [#C]}"""));

        Assert.Contains("x1, y1, x2, y2", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains(DatasetCheck.Run(DatasetReader.Read(folder.Path, new DatasetReadOptions { AllowWrongLayout = true })).Findings, finding => finding.Id == "FS205");
    }

    [Theory]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png", "annotations": [#A]}], "annotations": [], "categories": [#C]}""")]
    [InlineData("""{"categories": [#C], "images": [{"annotations": [{"category_id": 1, "bbox": [10, 10, 20, 20]}], "file_name": "a.png", "id": 1}]}""")]
    [InlineData("""{"imgs": [{"id": "x", "file_name": "a.png", "anns": [{"category_id": 1, "bbox": [10, 10, 20, 20]}]}], "categories": [#C]}""")]
    public void Annotations_inside_images_are_read_with_a_warning(string json)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", Fill(json));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(Box, Assert.Single(set.Images).Objects.Single().Box);
        Assert.Contains(set.Problems, problem => problem.Message.Contains("inside entries of 'images' are read", StringComparison.Ordinal));
    }

    [Fact]
    public void Annotations_inside_images_beside_a_list_of_annotations_are_reported()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text(
            "a.json", Fill("""{"images": [{"id": 1, "file_name": "a.png", "annotations": [{"category_id": 1, "bbox": [1, 1, 5, 5]}]}], "annotations": [#A], "categories": [#C]}"""));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(Box, Assert.Single(set.Images).Objects.Single().Box);
        Assert.Contains("the 1 annotations inside entries of 'images' are left out", Assert.Single(set.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_of_more_than_64_bits_are_ids()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Image("b.png").Text("a.json", """
            {"images": [{"id": 18446744073709551615, "file_name": "a.png"}, {"id": 18446744073709551614, "file_name": "b.png"}],
            "annotations": [{"id": 18446744073709551615, "image_id": 18446744073709551614, "category_id": 1, "bbox": [10, 10, 20, 20]}], "categories": [{"id": 1, "name": "a"}]}
            """);

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([("a.png", 0), ("b.png", 1)], set.Images.Select(image => (image.FileName, image.Objects.Count)));
    }

    // "a" and 1 as category_id: a list of names has no ids, so only names can be matched.
    [Fact]
    public void A_list_of_category_names_is_matched_by_name_only()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", Fill("""
            {"images": [#I], "annotations": [{"image_id": 1, "category_id": "b", "bbox": [10, 10, 20, 20]}, #A], "categories": ["a", "b"]}
            """));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["a", "b"], set.Classes);
        Assert.Equal(1, Assert.Single(Assert.Single(set.Images).Objects).Label);
        Assert.Contains(set.Problems, problem => problem.Message.Contains("a list of names without ids", StringComparison.Ordinal));
        Assert.Contains(set.Problems, problem => problem.Kind == DatasetProblemKind.UnknownCategory && problem.Message.Contains("category id 1 is not in", StringComparison.Ordinal));
    }

    [Fact]
    public void A_category_id_that_is_a_class_name_is_matched_by_name()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text(
            "a.json", Fill("""{"images": [#I], "annotations": [{"image_id": 1, "category": "a", "bbox": [10, 10, 20, 20]}], "categories": [{"id": 0, "name": "b"}, #C]}"""));

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal("a", set.Classes[Assert.Single(Assert.Single(set.Images).Objects).Label]);
    }

    [Fact]
    public void Empty_categories_are_an_error_that_names_the_ids()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", Fill("""{"images": [#I], "annotations": [#A], "categories": []}"""));

        Assert.Contains("'categories' is empty, but the annotations have the category ids 1", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"caption\": \"a dog\"", "its annotations are captions, which are not read")]
    [InlineData("\"file_name\": \"a.png\", \"segments_info\": []", "its annotations are panoptic segments, which are not read")]
    public void Annotations_of_other_tasks_are_named(string annotation, string expected)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", Fill($$"""{"images": [#I], "annotations": [{"id": 1, "image_id": 1, {{annotation}}}], "categories": [#C]}"""));

        Assert.Contains(expected, Assert.Single(DatasetReader.Read(folder.Path).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_with_annotations_that_are_no_splits_are_read_together()
    {
        string json = Fill("""{"images": [#I], "annotations": [#A], "categories": [#C]}""");
        using TestFolder folder = new TestFolder().Image("batch1/a.png").Image("batch2/a.png").Text("batch1/_annotations.coco.json", json).Text("batch2/_annotations.coco.json", json);

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([Box, Box], set.Images.Select(image => image.Objects.Single().Box));
        Assert.All(set.Images, image => Assert.Equal(DatasetSplit.Unassigned, image.Split));
        Assert.Contains(set.Problems, problem => problem.Message.Contains("2 folders with annotations", StringComparison.Ordinal) && problem.Message.Contains("batch1, batch2", StringComparison.Ordinal));
    }

    private static string Fill(string json) => json.Replace("#I", Images, StringComparison.Ordinal).Replace("#A", Objects, StringComparison.Ordinal).Replace("#C", Categories, StringComparison.Ordinal);
}
