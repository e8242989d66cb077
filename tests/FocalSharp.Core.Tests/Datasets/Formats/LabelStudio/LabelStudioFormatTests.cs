using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.LabelStudio;

public sealed class LabelStudioFormatTests
{
    private const string Box = """{"original_width": 100, "original_height": 80, "value": {"x": 10, "y": 12.5, "width": 20, "height": 25, "rotation": 0, "rectanglelabels": ["cat"]}}""";

    [Theory]
    [InlineData("/data/upload/1/1a2b3c4d-a.png")]
    [InlineData("/data/local-files/?d=photos/a.png")]
    [InlineData("https://bucket.example/x/a.png?signature=a/b")]
    [InlineData("s3://bucket/a.png")]
    [InlineData("a.png")]
    public void Reads_percent_and_finds_the_image(string address)
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("export.json", Task(address, Box));
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 10, 30, 30));
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void An_uploaded_image_is_found_under_its_stored_name()
    {
        using TestFolder folder = new TestFolder().Image("images/1a2b3c4d-a.png").Text("export.json", Task("/data/upload/1/1a2b3c4d-a.png", Box));

        Assert.Equal(1, DatasetReader.Read(folder["export.json"]).ObjectCount);
    }

    // A quarter turn around the upper left corner (10, 10) of a box of 20x20 pixels: to the left of it.
    [Fact]
    public void Rotated_boxes_are_enclosed()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("export.json", Task("a.png", Box.Replace("\"rotation\": 0", "\"rotation\": 90", StringComparison.Ordinal).Replace("\"x\": 10", "\"x\": 40", StringComparison.Ordinal)));
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 20, 10, 40, 30));
        Assert.Equal([DatasetProblemKind.ConvertedShape], set.Kinds());
    }

    [Fact]
    public void Polygons_ellipses_and_points_are_read_or_named()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("export.json", Task("a.png", """
            {"original_width": 100, "original_height": 80, "value": {"points": [[10, 10], [40, 10], [20, 50]], "polygonlabels": ["cat"]}},
            {"original_width": 100, "original_height": 80, "value": {"x": 50, "y": 50, "radiusX": 10, "radiusY": 5, "rotation": 0, "ellipselabels": ["dog"]}},
            {"original_width": 100, "original_height": 80, "value": {"x": 50, "y": 50, "width": 1, "keypointlabels": ["dog"]}},
            {"value": {"choices": ["good"]}}
            """));
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 8, 40, 40), ("dog", 40, 36, 60, 44));
        Assert.Equal([DatasetProblemKind.ConvertedShape, DatasetProblemKind.ConvertedShape, DatasetProblemKind.SkippedShape], set.Kinds());
    }

    [Fact]
    public void Separate_controls_for_boxes_and_labels_are_one_region()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("export.json", Task("a.png", """
            {"id": "k", "type": "rectangle", "original_width": 100, "original_height": 80, "value": {"x": 10, "y": 12.5, "width": 20, "height": 25, "rotation": 0}},
            {"id": "k", "type": "labels", "original_width": 100, "original_height": 80, "value": {"x": 10, "y": 12.5, "width": 20, "height": 25, "rotation": 0, "labels": ["cat"]}}
            """));
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 10, 30, 30));
    }

    // Brush code of an image of 2x2 pixels: 16 values, of 8 bits, four lengths of 4 bits; a run of 8 values 0 and a run of 8 values 255.
    // 00000000 00000000 00000000 00010000 | 00111 0011 0011 0011 0011 | 1 00 0111 00000000 | 1 00 0111 11111111, padded with zeros.
    [Fact]
    public void A_brush_mask_is_enclosed()
    {
        const string code = "[0, 0, 0, 16, 57, 153, 156, 112, 8, 255, 224]";
        using TestFolder folder = new TestFolder().Image("a.png", 2, 2).Text("export.json", Task("a.png", $$$"""
            {"original_width": 2, "original_height": 2, "value": {"format": "rle", "rle": {{{code}}}, "brushlabels": ["cat"]}}
            """));
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 0, 1, 2, 2));
    }

    [Fact]
    public void Json_min_is_read()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("min.json", """
            [{"image": "/data/upload/1/1a2b3c4d-a.png", "id": 1, "bbox": [{"x": 10, "y": 12.5, "width": 20, "height": 25, "rotation": 0, "rectanglelabels": ["cat"], "original_width": 100, "original_height": 80}],
              "annotator": 1, "annotation_id": 7, "created_at": "2024-01-01", "lead_time": 3.5}]
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 10, 30, 30));
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void Canceled_annotations_are_left_out_and_predictions_take_their_place()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("export.json", $$$"""
            [{"data": {"image": "a.png"}, "annotations": [{"was_cancelled": true, "result": [{{{Box.Replace("cat", "dog", StringComparison.Ordinal)}}}]}], "predictions": [{"result": [{{{Box}}}]}]}]
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 10, 30, 30));
        Assert.Equal([DatasetProblemKind.NonStandard], set.Kinds());
    }

    // The export "YOLO": images/, labels/, classes.txt and notes.json.
    [Fact]
    public void The_yolo_export_is_read()
    {
        using TestFolder folder = new TestFolder().Image("images/1a2b3c4d-a.png").Text("labels/1a2b3c4d-a.txt", "1 0.2 0.25 0.2 0.25\n").Text("classes.txt", "cat\ndog\n")
            .Text("notes.json", """{"categories": [{"id": 0, "name": "cat"}, {"id": 1, "name": "dog"}], "info": {"year": 2024, "version": "1.0", "contributor": "Label Studio"}}""");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("dog", 10, 10, 30, 30));
        Assert.Equal(["cat", "dog"], set.Classes);
    }

    private static string Task(string address, string result) =>
        $$$"""[{"id": 1, "annotations": [{"id": 3, "was_cancelled": false, "result": [{{{result}}}]}], "file_upload": "1a2b3c4d-a.png", "predictions": [], "data": {"image": "{{{address}}}"}}]""";

    [Theory]
    [InlineData("/data/upload/1/deadbeef-a.png", "rectanglelabels")]
    [InlineData("http://host/data/local-files/?d=photos/a.png", "labels")]
    public void The_short_form_needs_no_annotator(string address, string labels)
    {
        using TestFolder folder = new TestFolder().Image("photos/a.png").Image("photos/b.png").Text("export.json", $$"""
            [{"id": 1, "image": "b.png"}, {"id": 2, "image": "{{address}}", "label": [{"x": 10, "y": 12.5, "width": 20, "height": 25, "rotation": 0, "{{labels}}": ["cat"], "original_width": 100, "original_height": 80}]}]
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(2, set.Images.Count);
        set.Images.Single(image => Path.GetFileName(image.FileName) == "a.png").AssertObjects(set, ("cat", 10, 10, 30, 30));
    }
}
