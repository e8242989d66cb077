using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets;

public sealed class TrainEvalSplitTests
{
    [Theory]
    [InlineData("Train,Train,Val,Test", "test", 1)]
    [InlineData("Train,Train,Val,Val", "val", 2)]
    [InlineData("Train,Train,Train,Train,Train,Train,Train,Train,Train,Train", "val", 2)]
    [InlineData("Unassigned,Unassigned,Unassigned,Unassigned,Unassigned", "val", 1)]
    [InlineData("Unassigned,Unassigned,Test", "test", 1)]
    public void The_evaluation_split_is_the_same_for_training_and_evaluation(string splits, string name, int images)
    {
        DetectionDataset dataset = Dataset(splits);

        TrainEvalSplit trained = TrainEvalSplit.Create(dataset);
        (DetectionDataset eval, string evalName, _) = TrainEvalSplit.SelectEval(dataset);

        Assert.Equal((name, name), (trained.EvalName, evalName));
        Assert.Equal(images, eval.Images.Count);
        Assert.Equal(trained.Eval.Images.Select(image => image.Id), eval.Images.Select(image => image.Id));
        Assert.Empty(trained.Train.Images.Select(image => image.Id).Intersect(eval.Images.Select(image => image.Id)));
    }

    [Theory]
    [InlineData("Test,Test", "test", 2)]
    [InlineData("Val,Test", "val", 1)]
    [InlineData("Unassigned", "all", 1)]
    public void A_data_set_without_training_objects_can_be_evaluated(string splits, string name, int images)
    {
        (DetectionDataset eval, string evalName, _) = TrainEvalSplit.SelectEval(Dataset(splits));

        Assert.Equal((name, images), (evalName, eval.Images.Count));
    }

    private static DetectionDataset Dataset(string splits) => new()
    {
        Name = "set",
        Classes = ["a"],
        CategoryIds = [1],
        Images =
        [
            .. splits.Split(',').Select((split, i) => new DatasetImage
            {
                Id = i + 1,
                FileName = $"{i}.png",
                Path = $"{i}.png",
                Width = 10,
                Height = 10,
                Split = Enum.Parse<DatasetSplit>(split),
                Objects = [new ObjectAnnotation { Id = i + 1, Label = 0, Box = new Box(1, 1, 5, 5) }],
            }),
        ],
    };
}
