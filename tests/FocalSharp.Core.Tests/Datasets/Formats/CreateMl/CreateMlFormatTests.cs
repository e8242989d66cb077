using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.CreateMl;

public sealed class CreateMlFormatTests
{
    [Theory]
    [InlineData("image", "annotations")]
    [InlineData("imagefilename", "annotation")]
    public void Reads_boxes_as_center_and_size_in_pixels(string name, string list)
    {
        using TestFolder folder = new TestFolder().Image("train/a.jpg").Image("valid/b.jpg")
            .Text("train/_annotations.createml.json", $$$"""[{"{{{name}}}": "a.jpg", "{{{list}}}": [{"label": "cat", "coordinates": {"x": 20, "y": 22, "width": 20, "height": 10}}]}]""")
            .Text("valid/_annotations.createml.json", $$$"""[{"{{{name}}}": "b.jpg", "{{{list}}}": []}]""");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        set.Images[0].AssertObjects(set, ("cat", 10, 17, 30, 27));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Select(image => image.Split));
        Assert.Empty(set.Problems);
    }

    // In an image of 100x80: a box of 20x10 whose corners are (10, 17) and (30, 27).
    [Theory]
    [InlineData("""{"x": 20, "y": 22, "width": 20, "height": 10}, "coordinates_origin": "topLeft" """)]
    [InlineData("""{"x": 20, "y": 58, "width": 20, "height": 10}, "coordinates_origin": "bottom_left" """)]
    [InlineData("""{"x": 10, "y": 17, "width": 20, "height": 10}, "anchor": "topLeft" """)]
    [InlineData("""{"x": 10, "y": 27, "width": 20, "height": 10}, "anchor": "bottomLeft" """)]
    [InlineData("""{"x": 10, "y": 53, "width": 20, "height": 10}, "origin": "bottomLeft", "anchor": "bottomLeft" """)]
    [InlineData("""{"x": 0.2, "y": 0.275, "width": 0.2, "height": 0.125, "units": "normalized"} """)]
    public void Stated_origins_anchors_and_units_count(string coordinates)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text(
            "a.json", $$"""[{"image": "a.png", "annotations": [{"label": "cat", "coordinates": {{coordinates}}}]}]""");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 17, 30, 27));
        Assert.Equal([DatasetProblemKind.NonStandard], set.Kinds());
    }

    [Fact]
    public void An_unknown_origin_is_an_error()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", """
            [{"image": "a.png", "annotations": [{"label": "cat", "coordinates": {"x": 20, "y": 22, "width": 20, "height": 10}, "coordinates_origin": "center"},
            {"label": "cat", "coordinates": {"x": 20, "y": 22, "width": 20, "height": 10}}]}]
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 17, 30, 27));
        Assert.Equal([DatasetProblemKind.UnreadableAnnotation], set.Kinds());
    }
}
