using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Labelbox;

public sealed class LabelboxFormatTests
{
    [Fact]
    public void Reads_a_line_per_image()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Image("b.png").Text("export.ndjson", """
            {"data_row": {"id": "c1", "global_key": "k1", "external_id": "a.png", "row_data": "https://storage.example/x/a.png?token=1"}, "media_attributes": {"height": 80, "width": 100}, "projects": {"p1": {"name": "P", "labels": [{"label_kind": "Default", "annotations": {"objects": [{"feature_id": "f", "name": "cat", "value": "cat", "annotation_kind": "ImageBoundingBox", "bounding_box": {"top": 12.0, "left": 10.0, "height": 18.0, "width": 20.0}}, {"name": "dog", "annotation_kind": "ImagePolygon", "polygon": [{"x": 10, "y": 10}, {"x": 40, "y": 15}, {"x": 25, "y": 30}]}, {"name": "dog", "annotation_kind": "ImagePoint", "point": {"x": 1, "y": 2}}, {"name": "dog", "mask": {"url": "https://api.labelbox.com/mask"}}], "classifications": [], "relationships": []}}]}}}
            {"data_row": {"id": "c2", "row_data": "https://storage.example/x/b.png"}, "media_attributes": {"height": 80, "width": 100}, "projects": {"p1": {"labels": []}}}
            """);
        DetectionDataset set = DatasetReader.Read(folder["export.ndjson"]);

        Assert.Equal(["a.png", "b.png"], set.Images.Select(image => image.FileName));
        set.Images[0].AssertObjects(set, ("cat", 10, 12, 30, 30), ("dog", 10, 10, 40, 30));
        Assert.Equal([DatasetProblemKind.ConvertedShape, DatasetProblemKind.SkippedShape, DatasetProblemKind.SkippedShape], set.Kinds());
    }

    [Fact]
    public void Reads_the_former_export()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("export.json", """
            [{"ID": "x", "DataRow ID": "y", "Labeled Data": "https://storage.example/x/1234", "Label": {"objects": [{"featureId": "f", "title": "cat", "value": "cat", "bbox": {"top": 12, "left": 10, "height": 18, "width": 20}}], "classifications": []}, "External ID": "a.png"}]
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 12, 30, 30));
    }

    [Fact]
    public void A_broken_line_is_reported_by_its_number()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("export.ndjson", """
            {"data_row": {"external_id": "a.png"}, "projects": {"p": {"labels": [{"annotations": {"objects": [{"name": "cat", "bounding_box": {"top": 12, "left": 10, "height": 18, "width": 20}}]}}]}}}
            {"data_row": {"external_id":
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(1, set.ObjectCount);
        Assert.Contains("line 2", Assert.Single(set.Problems).Message, StringComparison.Ordinal);
    }
}
