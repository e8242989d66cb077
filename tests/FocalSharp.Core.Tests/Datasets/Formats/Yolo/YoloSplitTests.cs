using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Yolo;

/// <summary>Splits as people name and store them.</summary>
public sealed class YoloSplitTests
{
    private const string Names = "names: [cat, dog]\n";
    private const string Label = "0 .5 .5 .5 .5\n";

    [Fact]
    public void Train_and_val_of_one_folder_both_have_the_images_and_train_with_a_warning()
    {
        using TestFolder folder = Split("train2017", "a", "b").Text("coco128.yaml", "path: ../datasets/coco128\ntrain: images/train2017\nval: images/train2017\ntest:\n" + Names);

        DetectionDataset set = DatasetReader.Read(folder.Path);
        TrainEvalSplit split = TrainEvalSplit.Create(set);

        Assert.Equal([DatasetSplit.Train, DatasetSplit.Train, DatasetSplit.Val, DatasetSplit.Val], set.Images.Select(image => image.Split).Order());
        Assert.Equal((2, 2), (split.Train.ObjectCount, split.Eval.ObjectCount));
        Assert.NotNull(split.Warning);
        Assert.Equal([DatasetProblemKind.NonStandard, DatasetProblemKind.SharedSplit], set.Problems.Select(problem => problem.Kind));
    }

    [Theory]
    [InlineData("Train: images/one\nValid: images/two\nTest: images/three\n")]
    [InlineData("TRAIN: images/one\ndev: images/two\ntest2017: images/three\n")]
    [InlineData("train: [images/one]\nminival: [./images/two]\ntesting: images/three/\n")]
    [InlineData("training: ../images/one\neval: ..\\images\\two\ntest: ../../set/images/three\n")]
    [InlineData("train: /home/bob/set/images/one\nval: C:\\sets\\set\\images\\two\ntest: ~/images/three\n")]
    [InlineData("train: lists/train.txt\nval: lists/val.txt\ntest: lists/test.txt\n")]
    [InlineData("train: Images/one\nval: IMAGES/Two\ntest: images/three\n")]
    [InlineData("path: /content/datasets/set\ntrain: images/one\nval: images/two\ntest: images/three\n")]
    public void Splits_are_found_under_every_name_and_path(string sources)
    {
        using TestFolder folder = new TestFolder().Image("images/one/a.png").Image("images/two/b.png").Image("images/three/c.png")
            .Text("labels/one/a.txt", Label).Text("labels/two/b.txt", Label).Text("labels/three/c.txt", Label)
            .Text("lists/train.txt", "images/one/a.png\n").Text("lists/val.txt", "# absolute\n/data/set/images/two/b.png\n").Text("lists/test.txt", "three/c\n")
            .Text("data.yaml", sources + Names);

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(
            [("a.png", DatasetSplit.Train), ("b.png", DatasetSplit.Val), ("c.png", DatasetSplit.Test)],
            set.Images.Select(image => (Path.GetFileName(image.Path), image.Split)));
        Assert.Equal(3, set.ObjectCount);
        Assert.DoesNotContain(set.Problems, problem => problem.Kind != DatasetProblemKind.NonStandard);
    }

    [Theory]
    [InlineData("images/Train/a.png", "labels/Train/a.txt", "images/Valid/b.png", "labels/Valid/b.txt")]
    [InlineData("images/train2017/a.png", "labels/train2017/a.txt", "images/val2017/b.png", "labels/val2017/b.txt")]
    [InlineData("Images/train/a.png", "Labels/train/a.txt", "Images/dev/b.png", "Labels/dev/b.txt")]
    [InlineData("train/images/a.png", "train/labels/a.txt", "minival/images/b.png", "minival/labels/b.txt")]
    [InlineData("Train/a.png", "Train/a.txt", "Eval/b.png", "Eval/b.txt")]
    [InlineData("train/Images/a.png", "train/Labels/a.txt", "val/Images/b.png", "val/Labels/b.txt")]
    [InlineData("images/camera1/train/a.png", "labels/camera1/train/a.txt", "images/camera1/val/b.png", "labels/camera1/val/b.txt")]
    [InlineData("set/images/train/a.png", "set/labels/train/a.txt", "set/images/valid/b.png", "set/labels/valid/b.txt")]
    public void Folders_name_the_splits_without_a_data_yaml(string image, string label, string evalImage, string evalLabel)
    {
        using TestFolder folder = new TestFolder().Image(image).Text(label, Label).Image(evalImage).Text(evalLabel, Label);

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Empty(set.Problems);
        Assert.Equal([("a.png", DatasetSplit.Train, 1), ("b.png", DatasetSplit.Val, 1)], set.Images.Select(found => (Path.GetFileName(found.Path), found.Split, found.Objects.Count)));
    }

    [Theory]
    [InlineData("train.txt", "test.txt", "images/a.png\nimages/b.png", "images/c.png")]
    [InlineData("ImageSets/Main/Train.txt", "ImageSets/Main/Test.txt", "a\nb", "c")]
    [InlineData("train_list.txt", "test_list.txt", "images/a.png\nimages/b.png", "images/c.png")]
    [InlineData("splits/training.txt", "splits/testing.txt", "a.png 1\nb.png 1", "c.png -1")]
    [InlineData("lists/train2017.txt", "lists/test2017.txt", "/darknet/data/images/a.png\n/darknet/data/images/b.png", "D:\\data\\images\\c.png")]
    public void Lists_name_the_splits_of_one_folder(string train, string test, string trainLines, string testLines)
    {
        using TestFolder folder = new TestFolder();
        foreach (string name in new[] { "a", "b", "c", "unlisted" })
        {
            folder.Image($"images/{name}.png").Text($"labels/{name}.txt", Label);
        }

        DetectionDataset set = DatasetReader.Read(folder.Text(train, trainLines).Text(test, testLines).Path);

        Assert.Equal(
            [("a.png", DatasetSplit.Train), ("b.png", DatasetSplit.Train), ("c.png", DatasetSplit.Test)],
            set.Images.Select(image => (Path.GetFileName(image.Path), image.Split)));
        Assert.Equal(3, set.ObjectCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data/")]
    public void Darknets_obj_data_names_lists_and_classes(string place)
    {
        using TestFolder folder = new TestFolder().Image("obj_train_data/a.png").Text("obj_train_data/a.txt", Label).Image("obj_valid_data/b.png").Text("obj_valid_data/b.txt", Label)
            .Text(place + "obj.names", "cat\ndog\n").Text(place + "train.txt", "data/obj_train_data/a.png\n").Text(place + "valid.txt", "data/obj_valid_data/b.png\n")
            .Text(place + "obj.data", "classes = 2\ntrain  = data/train.txt\nvalid = data/valid.txt\nnames = data/obj.names\nbackup = backup/\neval = coco\n");

        foreach (string path in new[] { folder.Path, folder[place + "obj.data"] })
        {
            DetectionDataset set = DatasetReader.Read(path);

            Assert.Equal(["cat", "dog"], set.Classes);
            Assert.Equal([("a.png", DatasetSplit.Train, 1), ("b.png", DatasetSplit.Val, 1)], set.Images.Select(image => (Path.GetFileName(image.Path), image.Split, image.Objects.Count)));
        }
    }

    [Fact]
    public void Roboflows_absent_test_folder_is_reported_but_not_needed()
    {
        using TestFolder folder = new TestFolder().Image("train/images/a.png").Text("train/labels/a.txt", Label).Image("valid/images/b.png").Text("valid/labels/b.txt", Label)
            .Text("data.yaml", "train: ../train/images\nval: ../valid/images\ntest: ../test/images\n" + Names);

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Select(image => image.Split));
        Assert.Equal("val", TrainEvalSplit.Create(set).EvalName);
        Assert.Single(set.Problems);
    }

    [Theory]
    [InlineData("val: images/vall\n", "Did you mean 'val2'")]
    [InlineData("val: images/empty\n", "contains no image")]
    [InlineData("val: ../../elsewhere/images\n", "leaves the data set's folder")]
    public void A_val_split_that_cannot_be_used_is_an_error_and_not_replaced_by_training_images(string val, string reason)
    {
        using TestFolder folder = Split("train", "a", "b", "c", "d", "e").Image("images/val2/x.png");
        Directory.CreateDirectory(folder["images/empty"]);
        folder.Text("data.yaml", "train: images/train\n" + val + Names);

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Contains(set.Problems, problem => problem.Message.Contains(reason, StringComparison.Ordinal));
        Assert.Contains("its val split", Assert.Throws<DatasetException>(() => TrainEvalSplit.Create(set)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_no_split_is_not_trained_on()
    {
        using TestFolder folder = Split("train", "a", "b").Image("images/unseen/c.png").Text("labels/unseen/c.txt", Label)
            .Text("data.yaml", "train: images/train\nunseen: images/unseen\n" + Names);

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Contains(set.Problems, problem => problem.Kind == DatasetProblemKind.UnknownSplit);
        Assert.Contains("'unseen'", Assert.Throws<DatasetException>(() => TrainEvalSplit.Create(set)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_are_followed_once_and_one_file_under_two_names_is_one_image()
    {
        using TestFolder folder = Split("pool", "a", "b", "c");
        Directory.CreateSymbolicLink(folder["images/pool/loop"], folder["images"]);
        Directory.CreateDirectory(folder["images/val"]);
        File.CreateSymbolicLink(folder["images/val/c.png"], folder["images/pool/c.png"]);
        folder.Text("labels/val/c.txt", Label).Text("data.yaml", "train: images/pool\nval: images/val\n" + Names);

        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(
            [("a.png", DatasetSplit.Train), ("b.png", DatasetSplit.Train), ("c.png", DatasetSplit.Val)],
            set.Images.Select(image => (image.FileName, image.Split)));
        Assert.Equal(DatasetProblemKind.DuplicateId, Assert.Single(set.Problems).Kind);
    }

    [Fact]
    public void A_folder_that_is_a_link_is_read()
    {
        using TestFolder pool = new TestFolder().Image("a.png");
        using TestFolder folder = new TestFolder().Text("labels/train/a.txt", Label).Text("data.yaml", "train: images/train\n" + Names);
        Directory.CreateDirectory(folder["images"]);
        Directory.CreateSymbolicLink(folder["images/train"], pool.Path);

        Assert.Equal(new Box(25, 20, 75, 60), DatasetReader.Read(folder.Path).Images.Single().Objects.Single().Box);
    }

    [Fact]
    public void A_set_of_one_image_trains()
    {
        using TestFolder folder = Split("train", "a").Text("data.yaml", "train: images/train\n" + Names);

        TrainEvalSplit split = TrainEvalSplit.Create(DatasetReader.Read(folder.Path));

        Assert.Equal((1, 1), (split.Train.ObjectCount, split.Eval.ObjectCount));
        Assert.NotNull(split.Warning);
    }

    // Roboflow's ../ with a folder that does not exist is a missing split, not a path that leaves the data set.
    [Fact]
    public void A_missing_folder_above_is_a_missing_split()
    {
        using TestFolder folder = new TestFolder().Image("train/images/a.png").Text("train/labels/a.txt", "0 0.5 0.5 0.2 0.2\n").Image("val/images/b.png")
            .Text("data.yaml", "train: ../train/images\nval: ../valid/images\nnames: [x]\n");

        Assert.Contains(DatasetReader.Read(folder.Path).Problems, problem => problem.Kind == DatasetProblemKind.MissingSplit
            && problem.Message.Contains("'../valid/images' is neither a folder nor a list file", StringComparison.Ordinal));
    }

    private static TestFolder Split(string split, params string[] names)
    {
        TestFolder folder = new();
        foreach (string name in names)
        {
            folder.Image($"images/{split}/{name}.png").Text($"labels/{split}/{name}.txt", Label);
        }

        return folder;
    }
}
