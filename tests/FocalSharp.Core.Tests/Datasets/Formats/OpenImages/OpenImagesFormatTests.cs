using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.OpenImages;

public sealed class OpenImagesFormatTests
{
    [Fact]
    public void Reads_fractions_names_splits_and_groups()
    {
        const string header = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n";
        using TestFolder folder = new TestFolder().Image("train/0a1b.jpg").Image("validation/ffff.jpg")
            .Text("oidv6-train-annotations-bbox.csv", header + "0a1b,xclick,/m/01yrx,1,0.1,0.3,0.25,0.75,0,0,0,0,0\n0a1b,xclick,/m/0bt9lr,1,0,1,0,1,0,0,1,0,0\n")
            .Text("validation-annotations-bbox.csv", header + "ffff,xclick,/m/01yrx,1,0.5,0.6,0.5,0.6,0,0,0,0,0\n")
            .Text("class-descriptions-boxable.csv", "/m/01yrx,Cat\n/m/0bt9lr,Dog\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["Cat", "Dog"], set.Classes);
        set.Images[0].AssertObjects(set, ("Cat", 10, 20, 30, 60), ("Dog", 0, 0, 100, 80));
        Assert.Equal([false, true], set.Images[0].Objects.Select(item => item.IsCrowd));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Select(image => image.Split));
        Assert.Empty(set.Problems);
    }
}
