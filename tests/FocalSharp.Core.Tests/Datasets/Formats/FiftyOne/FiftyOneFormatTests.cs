using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.FiftyOne;

public sealed class FiftyOneFormatTests
{
    [Fact]
    public void Reads_the_export_of_detections()
    {
        using TestFolder folder = new TestFolder().Image("data/a.png").Image("data/b.png").Text("labels.json", """
            {"classes": ["cat", "dog"], "labels": {"a": [{"label": 1, "bounding_box": [0.1, 0.25, 0.2, 0.5], "attributes": {}}, {"label": "cat", "bounding_box": [0, 0, 1, 1]}], "b": null}}
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["cat", "dog"], set.Classes);
        Assert.Equal(["a.png", "b.png"], set.Images.Select(image => image.FileName));
        set.Images[0].AssertObjects(set, ("dog", 10, 20, 30, 60), ("cat", 0, 0, 100, 80));
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void Reads_a_data_set_with_its_ground_truth_and_tags()
    {
        using TestFolder folder = new TestFolder().Image("data/a.png").Text("metadata.json", """{"name": "x", "sample_fields": []}""").Text("samples.json", """
            {"samples": [{"_id": {"$oid": "6"}, "filepath": "data/a.png", "tags": ["validation"], "metadata": {"_cls": "ImageMetadata", "width": 100, "height": 80},
              "predictions": {"_cls": "Detections", "detections": [{"_cls": "Detection", "label": "wrong", "bounding_box": [0, 0, 1, 1]}]},
              "ground_truth": {"_cls": "Detections", "detections": [{"_cls": "Detection", "label": "cat", "bounding_box": [0.1, 0.25, 0.2, 0.5]}]}}]}
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(DatasetSplit.Val, Assert.Single(set.Images).Split);
        set.Images[0].AssertObjects(set, ("cat", 10, 20, 30, 60));
    }

    [Fact]
    public void Closed_polylines_are_enclosed()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("samples.json", """
            {"samples": [{"filepath": "a.png", "shapes": {"_cls": "Polylines", "polylines": [{"label": "cat", "closed": true, "points": [[[0.1, 0.25], [0.3, 0.25], [0.2, 0.75]]]}, {"label": "cat", "points": [[[0, 0], [1, 1]]]}]}}]}
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 20, 30, 60));
        Assert.Equal([DatasetProblemKind.ConvertedShape, DatasetProblemKind.SkippedShape], set.Kinds());
    }
}
