using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Kitti;

public sealed class KittiFormatTests
{
    [Theory]
    [InlineData("training/label_2", "training/image_2")]
    [InlineData("labels", "images")]
    public void Reads_labels_beside_the_images(string labels, string images)
    {
        using TestFolder folder = new TestFolder().Image($"{images}/000000.png").Image($"{images}/000001.png").Text($"{labels}/000000.txt",
            "Car 0.00 0 1.85 10.00 12.00 30.00 32.00 1.67 1.87 3.69 -16.53 2.39 58.49 1.57\nDontCare -1 -1 -10 50 17 59 19 -1 -1 -1 -1000 -1000 -1000 -10\n").Text($"{labels}/000001.txt", "");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(2, set.Images.Count);
        set.Images[0].AssertObjects(set, ("Car", 10, 12, 30, 32));
        Assert.Empty(set.Problems);
    }
}
