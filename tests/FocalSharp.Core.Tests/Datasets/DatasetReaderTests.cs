using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets;

public sealed class DatasetReaderTests
{
    [Fact]
    public void Lists_what_was_searched_if_no_format_is_recognized()
    {
        using TestFolder folder = new TestFolder().Text("notes.json", "{\"hello\": 1}").Text("recipe.yaml", "lr: 0.01").Image("a.png");

        string message = Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message;

        Assert.Contains("COCO: a .json file", message, StringComparison.Ordinal);
        Assert.Contains("VOC: Annotations/*.xml", message, StringComparison.Ordinal);
        Assert.Contains("YOLO: a data.yaml", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("text.txt")]
    [InlineData("broken.json")]
    public void A_wrong_path_is_an_error(string name)
    {
        using TestFolder folder = new TestFolder().Text("text.txt", "hello").Text("broken.json", "{");

        Assert.ThrowsAny<FocalSharpException>(() => DatasetReader.Read(folder[name]));
    }

    [Theory]
    [InlineData("{\"images\": [], \"annotations\": [], \"categories\": [{\"id\": 1, \"name\": \"a\"}]}", "no image")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}], \"annotations\": [], \"categories\": []}", "class")]
    public void An_empty_data_set_is_an_error(string json, string word)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", json);

        Assert.Contains(word, Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_specified_format_overrides_detection()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("data.yaml", "train: images\nnames: [y]\n")
            .Text("a.json", "{\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}], \"annotations\": [], \"categories\": [{\"id\": 5, \"name\": \"c\"}]}");

        Assert.Equal(["y"], DatasetReader.Read(folder.Path).Classes);
        Assert.Equal(["c"], DatasetReader.Read(folder.Path, new DatasetReadOptions { Format = DatasetFormats.Coco }).Classes);
    }

    [Fact]
    public void Messages_contain_no_control_characters()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text(
            "a.json", "{\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}, {\"id\": 2, \"file_name\": \"\\u001b[31m\\nb\"}], \"annotations\": [], \"categories\": [{\"id\": 5, \"name\": \"c\"}]}");

        Assert.DoesNotContain(Assert.Single(DatasetReader.Read(folder.Path).Problems).Message, char.IsControl);
    }

    [Theory]
    [InlineData("dt.json", """[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}]""", "dt.json is a list of detections (COCO results), not of annotations")]
    [InlineData("list.json", """[{"picture": "a.png", "things": []}]""", "list.json is a list of objects with the keys 'picture', 'things'")]
    [InlineData("lines.jsonl", """{"image": "a.png", "objects": {}}""", "lines.jsonl is an object with the keys 'image', 'objects'")]
    [InlineData("table.csv", "path,value\na.png,3\n", "table.csv has the columns 'path', 'value'")]
    [InlineData("data.parquet", "PAR1", "data.parquet is a Parquet file, which is not read")]
    [InlineData("train.tfrecord", "x", "train.tfrecord is a TFRecord file, which is not read")]
    public void Files_that_are_not_annotations_are_named(string name, string text, string expected)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text(name, text);

        Assert.Contains(expected, Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => DatasetReader.Read(folder[name])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_data_sets_in_folders_are_listed()
    {
        using TestFolder folder = new TestFolder().Text("cats/data.yaml", "names: [cat]\ntrain: images\n").Text("dogs/data.yaml", "names: [dog]\ntrain: images\n");

        Assert.Contains("Several of its folders look like data sets: 'cats', 'dogs'.", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "the file is not an image but an empty file of 0 bytes")]
    [InlineData(int.MaxValue, "its header states 2147483647x80 pixels, and no side may exceed 1,000,000")]
    public void Images_that_cannot_be_are_skipped_with_the_reason(int width, string expected)
    {
        byte[] image = width == 0 ? [] : TestFolder.Png(width, 80);
        using TestFolder folder = new TestFolder().Image("a.png").Bytes("b.png", image).Text("a.json", """
            {"images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}], "annotations": [], "categories": [{"id": 5, "name": "c"}]}
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal("a.png", Assert.Single(set.Images).FileName);
        Assert.Contains(expected, Assert.Single(set.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tracks_are_named()
    {
        using TestFolder folder = new TestFolder().Image("img1/000001.png").Text("gt/gt.txt", "1,1,10,10,20,20,1,1,1\n");

        Assert.Contains("gt/gt.txt is a track file (MOTChallenge), which is not read", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    // The notes on shapes come first, but an image is missing.
    [Fact]
    public void The_first_problem_named_is_one_that_left_something_out()
    {
        using TestFolder folder = new TestFolder().Text("a.json", """
            {"version": "5.0", "shapes": [{"label": "x", "points": [[10, 10], [30, 30], [10, 30]], "shape_type": "polygon"}], "imagePath": "gone.png", "imageHeight": 80, "imageWidth": 100}
            """);

        Assert.Contains("the first: a.json: image 'gone.png': the image file does not exist", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }
}
