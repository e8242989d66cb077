using FocalSharp.Datasets;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Core.Tests.Datasets.Reading;

public sealed class SplitNamesTests
{
    [Theory]
    [InlineData("train", DatasetSplit.Train)]
    [InlineData("Train", DatasetSplit.Train)]
    [InlineData("TRAINING", DatasetSplit.Train)]
    [InlineData("instances_train2017", DatasetSplit.Train)]
    [InlineData("imagesTrain", DatasetSplit.Train)]
    [InlineData("train_val_split1", DatasetSplit.Train)]
    [InlineData("trainval", DatasetSplit.Train)]
    [InlineData("trainval35k", DatasetSplit.Train)]
    [InlineData("Valid", DatasetSplit.Val)]
    [InlineData("val2017", DatasetSplit.Val)]
    [InlineData("dev", DatasetSplit.Val)]
    [InlineData("eval", DatasetSplit.Val)]
    [InlineData("instances_minival2014", DatasetSplit.Val)]
    [InlineData("my-test", DatasetSplit.Test)]
    [InlineData("test-dev2017", DatasetSplit.Test)]
    [InlineData("Test 2", DatasetSplit.Test)]
    [InlineData("latest", DatasetSplit.Unassigned)]
    [InlineData("constrained", DatasetSplit.Unassigned)]
    [InlineData("interval", DatasetSplit.Unassigned)]
    [InlineData("images", DatasetSplit.Unassigned)]
    [InlineData("", DatasetSplit.Unassigned)]
    public void A_word_of_the_name_gives_the_split(string name, DatasetSplit split) => Assert.Equal(split, SplitNames.FromName(name));

    [Theory]
    [InlineData("Train2017", DatasetSplit.Train)]
    [InlineData("valid", DatasetSplit.Val)]
    [InlineData("aeroplane_train", DatasetSplit.Unassigned)]
    public void A_whole_name_excludes_lists_of_classes(string name, DatasetSplit split) => Assert.Equal(split, SplitNames.FromWholeName(name));
}
