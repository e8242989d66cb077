using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Ultralytics;

public sealed class UltralyticsFormatTests
{
    [Fact]
    public void Reads_boxes_segments_poses_and_rotated_boxes_of_each_split()
    {
        using TestFolder folder = new TestFolder().Image("images/train/a.png").Image("images/val/b.png").Text("set.ndjson", """
            {"type": "dataset", "task": "detect", "name": "x", "class_names": {"0": "cat", "1": "dog"}, "version": 1}
            {"type": "image", "file": "a.png", "url": "https://x/y", "width": 100, "height": 80, "split": "train", "annotations": {"boxes": [[1, 0.2, 0.5, 0.2, 0.5]], "segments": [[0, 0.1, 0.25, 0.3, 0.25, 0.2, 0.75]]}}
            {"type": "image", "file": "b.png", "width": 100, "height": 80, "split": "val", "annotations": {"pose": [[0, 0.2, 0.5, 0.2, 0.5, 0.1, 0.1, 2]], "obb": [[1, 0.5, 0.1, 0.9, 0.5, 0.5, 0.9, 0.1, 0.5]]}}
            """);
        DetectionDataset set = DatasetReader.Read(folder["set.ndjson"]);

        Assert.Equal(["cat", "dog"], set.Classes);
        set.Images[0].AssertObjects(set, ("dog", 10, 20, 30, 60), ("cat", 10, 20, 30, 60));
        set.Images[1].AssertObjects(set, ("cat", 10, 20, 30, 60), ("dog", 10, 8, 90, 72));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Select(image => image.Split));
        Assert.Equal(Enumerable.Repeat(DatasetProblemKind.ConvertedShape, 3), set.Kinds());
    }

    [Fact]
    public void A_class_that_is_not_listed_is_reported()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("set.ndjson", """
            {"type": "dataset", "class_names": {"0": "cat"}}
            {"type": "image", "file": "a.png", "annotations": {"boxes": [[0, 0.2, 0.5, 0.2, 0.5], [1, 0.2, 0.5, 0.2, 0.5]]}}
            """);

        Assert.Equal([DatasetProblemKind.UnknownCategory], DatasetReader.Read(folder.Path).Kinds());
    }
}
