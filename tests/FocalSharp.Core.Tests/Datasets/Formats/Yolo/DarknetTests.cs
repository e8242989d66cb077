using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Yolo;

public sealed class DarknetTests
{
    [Theory]
    [InlineData("data/")]
    [InlineData("")]
    [InlineData("build/darknet/x64/data/")]
    public void Reads_the_lists_of_both_splits(string prefix)
    {
        using TestFolder folder = new TestFolder().Image("obj_train_data/a.png").Image("obj_valid_data/b.png").Text("obj_train_data/a.txt", "1 0.2 0.5 0.2 0.5\n").Text("obj_valid_data/b.txt", "")
            .Text("obj.names", "cat\ndog\n").Text("train.txt", $"{prefix}obj_train_data/a.png\n").Text("valid.txt", $"{prefix}obj_valid_data/b.png\n")
            .Text("obj.data", $"classes = 2\ntrain = {prefix}train.txt\nvalid  = {prefix}valid.txt\nnames = {prefix}obj.names\nbackup = backup/\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["cat", "dog"], set.Classes);
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Select(image => image.Split));
        set.Images[0].AssertObjects(set, ("dog", 10, 20, 30, 60));
        Assert.Empty(set.Images[1].Objects);
    }
}
