using System.Text;
using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats;

/// <summary>Polygons, masks and rotated boxes of COCO, VOC and YOLO become their enclosing boxes, which is said once.</summary>
public sealed class EnclosedShapesTests
{
    [Theory]
    [InlineData("""[[10, 10, 40, 10, 40, 30, 10, 30]]""", 10, 10, 40, 30)]
    [InlineData("""[[10, 10, 12, 10, 12, 11], [40, 28, 38, 28, 38, 30]]""", 10, 10, 40, 30)]
    [InlineData("""[10, 10, 40, 10, 40, 30]""", 10, 10, 40, 30)]
    [InlineData("""{"size": [60, 80], "counts": [605, 20, 40, 20, 4115]}""", 10, 5, 12, 25)]
    [InlineData("""{"size": [5, 5], "counts": "23d0"}""", 0, 2, 1, 5)]
    public void A_coco_object_without_a_box_has_that_of_its_segmentation(string segmentation, float x1, float y1, float x2, float y2)
    {
        foreach (string box in new[] { "", "\"bbox\": [], " })
        {
            DetectionDataset set = Coco($$"""{"id": 1, "image_id": 1, "category_id": 1, {{box}}"segmentation": {{segmentation}}}""");

            Assert.Equal(new Box(x1, y1, x2, y2), set.Images[0].Objects[0].Box);
            Assert.Equal(DatasetProblemKind.ConvertedShape, Assert.Single(set.Problems).Kind);
        }
    }

    [Fact]
    public void A_coco_box_has_precedence_over_its_segmentation()
    {
        DetectionDataset set = Coco("""{"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[10, 10, 40, 10, 40, 30]], "bbox": [1, 2, 3, 4]}""");

        Assert.Equal(new Box(1, 2, 4, 6), set.Images[0].Objects[0].Box);
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void A_coco_segmentation_without_an_outline_is_reported() =>
        Assert.Equal(
            DatasetProblemKind.UnreadableAnnotation,
            Assert.Single(Coco("""{"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[10, 10]]}""").Problems).Kind);

    // CVAT writes the box before its rotation. Half extents: 15 cos 30 + 5 sin 30 = 15.490381, 15 sin 30 + 5 cos 30 = 11.830127.
    [Fact]
    public void A_rotated_coco_box_is_enclosed()
    {
        DetectionDataset set = Coco("""{"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 20, 30, 10], "attributes": {"occluded": false, "rotation": 30.0}}""");

        AssertClose(new Box(19.509619f, 13.169873f, 50.490381f, 36.830127f), set.Images[0].Objects[0].Box);
        Assert.Contains("rotated boxes were replaced by their enclosing upright boxes (1;", Assert.Single(set.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rotated_voc_box_is_enclosed()
    {
        // roLabelImg: a quarter turn, in radians, of a box of 30x10 pixels around (35, 25).
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.xml", """
            <annotation><object><type>robndbox</type><name>ship</name><robndbox><cx>35</cx><cy>25</cy><w>30</w><h>10</h><angle>1.5707963</angle></robndbox></object></annotation>
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        AssertClose(new Box(30, 10, 40, 40), set.Images[0].Objects[0].Box);
        Assert.Equal(DatasetProblemKind.ConvertedShape, Assert.Single(set.Problems).Kind);
    }

    [Fact]
    public void Rotated_yolo_boxes_are_enclosed_and_counted_once()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("data.yaml", "train: a.png\nnames: [ship]\n")
            .Text("a.txt", "0 .3 .3 .6 .3 .6 .5 .3 .5\n0 .5 .1 .9 .5 .5 .9 .1 .5\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        AssertClose(new Box(30, 24, 60, 40), set.Images[0].Objects[0].Box);
        AssertClose(new Box(10, 8, 90, 72), set.Images[0].Objects[1].Box);
        Assert.StartsWith("a.txt: image 'a.png': box 0: rotated boxes", Assert.Single(set.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\" encoding=\"gb2312\"?>", false)]
    [InlineData("", true)]
    public void Voc_class_names_in_a_legacy_encoding_are_read(string declaration, bool guessed)
    {
        byte[] cat = [0xC3, 0xA8, 0xB9, 0xB7]; // 猫狗
        byte[] xml =
        [
            .. Encoding.ASCII.GetBytes(declaration + "<annotation><object><name>"), .. cat,
            .. "</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>30</xmax><ymax>30</ymax></bndbox></object></annotation>"u8,
        ];
        using TestFolder folder = new TestFolder().Image("a.png").Bytes("a.xml", xml);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["猫狗"], set.Classes);
        Assert.Equal(guessed ? [DatasetProblemKind.LegacyEncoding] : [], set.Problems.Select(problem => problem.Kind));
    }

    [Fact]
    public void Coco_class_names_in_a_legacy_encoding_are_read_and_reported()
    {
        // 狗 in GB2312.
        byte[] json = Encoding.Latin1.GetBytes("""{"images": [{"id": 1, "file_name": "a.png"}], "categories": [{"id": 1, "name": "\u00B9\u00B7"}], "annotations": []}""".Replace("\\u00B9\\u00B7", "\u00B9\u00B7", StringComparison.Ordinal));
        using TestFolder folder = new TestFolder().Image("a.png").Bytes("set.json", json);
        DetectionDataset set = DatasetReader.Read(folder["set.json"]);

        Assert.Equal(["狗"], set.Classes);
        Assert.Equal([DatasetProblemKind.LegacyEncoding], set.Problems.Select(problem => problem.Kind));
    }

    private static DetectionDataset Coco(string annotation)
    {
        using TestFolder folder = new TestFolder().Image("a.png", 80, 60)
            .Text("set.json", $$"""{"images": [{"id": 1, "file_name": "a.png", "width": 80, "height": 60}], "categories": [{"id": 1, "name": "a"}], "annotations": [{{annotation}}]}""");
        return DatasetReader.Read(folder["set.json"]);
    }

    private static void AssertClose(Box expected, Box actual)
    {
        Assert.Equal(expected.X1, actual.X1, 1e-3f);
        Assert.Equal(expected.Y1, actual.Y1, 1e-3f);
        Assert.Equal(expected.X2, actual.X2, 1e-3f);
        Assert.Equal(expected.Y2, actual.Y2, 1e-3f);
    }
}
