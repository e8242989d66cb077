using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Dota;

public sealed class DotaFormatTests
{
    [Fact]
    public void Reads_rotated_boxes_of_each_split_beside_a_data_yaml()
    {
        using TestFolder folder = new TestFolder().Image("train/images/a.png").Image("valid/images/b.png").Text("data.yaml", "train: ../train/images\nval: ../valid/images\nnames: [ship, plane]\n")
            .Text("train/labelTxt/a.txt", "imagesource:GoogleEarth\ngsd:0.5\n20 10 30 20 20 30 10 20 ship 0\n1 2 5 2 5 8 1 8 plane 1\n").Text("valid/labelTxt/b.txt", "1 2 5 2 5 8 1 8 plane 0\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        set.Images[0].AssertObjects(set, ("ship", 10, 10, 30, 30), ("plane", 1, 2, 5, 8));
        Assert.Equal([false, true], set.Images[0].Objects.Select(item => item.IsDifficult));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Select(image => image.Split));
        Assert.Equal([DatasetProblemKind.ConvertedShape], set.Kinds());
    }
}
