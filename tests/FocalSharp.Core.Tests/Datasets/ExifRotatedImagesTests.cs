using FocalSharp.Boxes;
using FocalSharp.Core.Tests.Datasets.Files;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Core.Tests.Datasets;

public sealed class ExifRotatedImagesTests
{
    // Stored 64x48, and what stands at its upper left 10x5 as x 2 to 12, y 3 to 8; the expected values were found by rotating a sheet of paper.
    [Theory]
    [InlineData(5, 3, 2, 8, 12)]
    [InlineData(6, 40, 2, 45, 12)]
    [InlineData(7, 40, 52, 45, 62)]
    [InlineData(8, 3, 52, 8, 62)]
    public void Boxes_on_stored_pixels_are_rotated(int orientation, float x1, float y1, float x2, float y2)
    {
        using TestFolder folder = Coco(orientation, 64, 48, "[2, 3, 10, 5]");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        DatasetImage image = set.Images[0];
        Assert.Equal((48, 64, orientation), (image.Width, image.Height, image.Orientation));
        Assert.Equal(new Box(x1, y1, x2, y2), image.Objects[0].Box);
        Assert.Equal(DatasetProblemKind.BoxesOnUnrotatedImage, Assert.Single(set.Problems).Kind);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    public void Boxes_on_the_displayed_image_are_not_changed(int orientation)
    {
        using TestFolder folder = Coco(orientation, 48, 64, "[2, 3, 10, 55]");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Empty(set.Problems);
        Assert.Equal((48, 64), (set.Images[0].Width, set.Images[0].Height));
        Assert.Equal(new Box(2, 3, 12, 58), set.Images[0].Objects[0].Box);
    }

    [Fact]
    public void Boxes_beyond_the_stored_pixels_refer_to_the_displayed_image()
    {
        using TestFolder folder = Coco(6, 64, 48, "[2, 3, 10, 55]");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(new Box(2, 3, 12, 58), set.Images[0].Objects[0].Box);
        Assert.Equal(DatasetProblemKind.SizeMismatch, Assert.Single(set.Problems).Kind);
    }

    [Fact]
    public void Fractions_refer_to_the_displayed_image_and_the_check_counts_rotated_photos()
    {
        using TestFolder folder = new TestFolder().Bytes("images/a.jpg", Photo(6)).Bytes("images/b.jpg", Photo(3)).Bytes("images/c.jpg", Photo(1))
            .Text("labels/a.txt", "0 0.5 0.5 0.5 0.25\n").Text("data.yaml", "train: images\nnames: [x]\n");

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(new Box(12, 24, 36, 40), set.Images[0].Objects[0].Box);
        Assert.Equal([(48, 64), (64, 48), (64, 48)], set.Images.Select(image => (image.Width, image.Height)));
        Assert.Equal(2, DatasetCheck.Run(set, new DatasetCheckOptions { VerifyImages = true }).ExifRotatedImages);
        Assert.Empty(DatasetCheck.Run(set, new DatasetCheckOptions { VerifyImages = true }).Problems);
    }

    private static byte[] Photo(int orientation) => ExifOrientationTests.Jpeg(64, 48, ExifOrientationTests.Exif(orientation, little: true));

    private static TestFolder Coco(int orientation, int width, int height, string box) => new TestFolder().Bytes("a.jpg", Photo(orientation)).Text("a.json", $$"""
        {"images": [{"id": 1, "file_name": "a.jpg", "width": {{width}}, "height": {{height}}}], "categories": [{"id": 1, "name": "x"}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": {{box}}, "area": 50, "iscrowd": 0}]}
        """);
}
