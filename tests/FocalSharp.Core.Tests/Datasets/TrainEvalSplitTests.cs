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
        Assert.Null(trained.Warning);
    }

    // Crowds are neither targets nor evaluated, so that a set of crowds has nothing to learn.
    [Theory]
    [InlineData("Train,Train,Val", "no labeled objects to train on (2 training images with 2 objects, all of them crowds (iscrowd)")]
    [InlineData("-Train,Train,Val", "no labeled objects to train on (2 training images with 1 objects, all of them crowds (iscrowd)")]
    public void Crowds_alone_cannot_be_trained_on(string splits, string expected)
    {
        DetectionDataset dataset = Dataset(splits);
        DetectionDataset crowds = dataset with
        {
            Images = [.. dataset.Images.Select(image => image with { Objects = [.. image.Objects.Select(thing => thing with { IsCrowd = true })] })],
        };

        Assert.Contains(expected, Assert.Throws<DatasetException>(() => TrainEvalSplit.Create(crowds)).Message, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("Train")]
    [InlineData("Unassigned")]
    [InlineData("Train,-Train,-Train")]
    public void A_single_labeled_image_is_trained_and_evaluated_on_with_a_warning(string splits)
    {
        DetectionDataset dataset = Dataset(splits);

        TrainEvalSplit split = TrainEvalSplit.Create(dataset);

        Assert.Equal(dataset.Images.Select(image => image.Path), split.Train.Images.Select(image => image.Path));
        Assert.Equal(dataset.Images.Select(image => image.Path), split.Eval.Images.Select(image => image.Path));
        Assert.Contains("evaluated on images that it is trained on", split.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Train,Train,-Val,-Val")]
    [InlineData("Unassigned,Unassigned,Unassigned,-Val")]
    public void A_val_split_without_objects_is_an_error_and_never_trained_on(string splits)
    {
        DatasetException error = Assert.Throws<DatasetException>(() => TrainEvalSplit.Create(Dataset(splits)));

        Assert.Contains("its val split", error.Message, StringComparison.Ordinal);
        Assert.Contains("remove the split", error.Message, StringComparison.Ordinal);
        Assert.Equal("val", TrainEvalSplit.SelectEval(Dataset(splits)).Name);
    }

    [Fact]
    public void A_test_split_without_objects_is_left_out_and_a_part_of_train_held_out()
    {
        TrainEvalSplit split = TrainEvalSplit.Create(Dataset("Train,Train,Train,Train,Train,-Test,-Test"));

        Assert.Equal((4, 1), (split.Train.Images.Count, split.Eval.Images.Count));
        Assert.All(split.Train.Images.Concat(split.Eval.Images), image => Assert.NotEmpty(image.Objects));
        Assert.Contains("its test split (2 images) has no labels and is not used", split.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Train,Train,Val,Unassigned")]
    [InlineData("Train,Train,Train,Train,Train,Unassigned")]
    [InlineData("Train,Train,Test,Unassigned")]
    public void Images_of_no_split_are_not_added_to_a_train_split(string splits)
    {
        TrainEvalSplit split = TrainEvalSplit.Create(Dataset(splits));

        string unassigned = $"{splits.Split(',').Length - 1}.png";
        Assert.DoesNotContain(unassigned, split.Train.Images.Concat(split.Eval.Images).Select(image => image.FileName));
        Assert.Contains("1 images of no recognized split are not used", split.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_split_that_is_not_recognized_is_an_error_if_nothing_else_can_evaluate()
    {
        DetectionDataset dataset = Dataset("Train,Train,Unassigned");
        dataset = dataset with { Images = [.. dataset.Images.Take(2), dataset.Images[2] with { SplitName = "annotations/unseen.json" }] };

        Assert.Contains("'annotations/unseen.json'", Assert.Throws<DatasetException>(() => TrainEvalSplit.Create(dataset)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Train,Train", DatasetSplit.Val, true)]
    [InlineData("Train,Train", DatasetSplit.Test, true)]
    [InlineData("Train,Train,Val", DatasetSplit.Test, false)]
    public void A_named_split_that_does_not_exist_is_an_error_if_nothing_else_can_evaluate(string splits, DatasetSplit missing, bool fails)
    {
        DetectionDataset dataset = Dataset(splits) with { MissingSplits = [(missing, "images/gone")] };

        if (fails)
        {
            Assert.Contains("'images/gone', does not exist", Assert.Throws<DatasetException>(() => TrainEvalSplit.Create(dataset)).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("val", TrainEvalSplit.Create(dataset).EvalName);
        }
    }

    [Theory]
    [InlineData("Train:0,Train:1,Val:0,Val:1", "0,1", "0,1", true)]
    [InlineData("Train:0,Train:1,Val:2,Test:2", "0,1", "2", false)]
    [InlineData("Train:0,Train:1,Val:0,Val:1,Test:0,Test:1", "0,1", "0,1", true)]
    public void Splits_with_the_same_images_are_used_with_a_warning(string images, string train, string eval, bool warns)
    {
        DatasetImage[] all = [.. images.Split(',').Select(image => image.Split(':')).Select(parts => Image(int.Parse(parts[1]), Enum.Parse<DatasetSplit>(parts[0])))];

        TrainEvalSplit split = TrainEvalSplit.Create(Dataset("Train") with { Images = all });

        Assert.Equal(train.Split(','), split.Train.Images.Select(image => Path.GetFileNameWithoutExtension(image.Path)));
        Assert.Equal(eval.Split(','), split.Eval.Images.Select(image => Path.GetFileNameWithoutExtension(image.Path)));
        Assert.Equal(warns, split.Warning is not null);
    }

    [Fact]
    public void Both_parts_of_a_held_out_set_have_objects()
    {
        // Two of thirty images have objects: chance would hold out neither of them in most sets.
        for (int first = 0; first < 29; first++)
        {
            string[] splits = [.. Enumerable.Range(0, 30).Select(i => i == first || i == 29 ? "Unassigned" : "-Unassigned")];

            TrainEvalSplit split = TrainEvalSplit.Create(Dataset(string.Join(',', splits)));

            Assert.Equal((1, 1), (split.Train.ObjectCount, split.Eval.ObjectCount));
        }
    }

    // A minus sign marks an image without objects.
    private static DetectionDataset Dataset(string splits) => new()
    {
        Name = "set",
        Classes = ["a"],
        CategoryIds = [1],
        Images = [.. splits.Split(',').Select((split, i) => Image(i, Enum.Parse<DatasetSplit>(split.TrimStart('-')), labeled: split[0] != '-'))],
    };

    private static DatasetImage Image(int i, DatasetSplit split, bool labeled = true) => new()
    {
        Id = i + 1,
        FileName = $"{i}.png",
        Path = $"{i}.png",
        Width = 10,
        Height = 10,
        Split = split,
        Objects = labeled ? [new ObjectAnnotation { Id = i + 1, Label = 0, Box = new Box(1, 1, 5, 5) }] : [],
    };
}
