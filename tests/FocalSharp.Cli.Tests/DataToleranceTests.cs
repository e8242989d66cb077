using FocalSharp.Cli.Tests.Support;
using FocalSharp.Datasets;

namespace FocalSharp.Cli.Tests;

/// <summary>Data sets as people have them, in every command that reads data.</summary>
public sealed class DataToleranceTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task Labels_that_belong_to_no_image_fail_the_check()
    {
        string data = _sample.Labeled();
        foreach (string label in Directory.GetFiles(_sample.PathOf("yolo", "labels"), "*.txt", SearchOption.AllDirectories))
        {
            File.Move(label, Path.Combine(Path.GetDirectoryName(label)!, "label_" + Path.GetFileName(label)));
        }

        ToolResult run = await ToolResult.InvokeAsync("data", "check", data);

        Assert.Equal(ExitCodes.UserError, run.ExitCode);
        Assert.Contains("FS117 missing-labels", run.Error, StringComparison.Ordinal);
        (await ToolResult.InvokeAsync(["train", data, "--out", _sample.PathOf("run"), .. TrainTests.Small])).AssertUserError("none of the 5 images has a label file");
    }

    [Fact]
    public async Task A_part_of_the_wrong_type_fails_the_check()
    {
        _sample.Write("a.bmp", DatasetSample.Bitmap(64, 48));
        string json = _sample.Write("a.json", """{"images": [{"id": 1, "file_name": "a.bmp"}], "annotations": "see the wiki", "categories": [{"id": 1, "name": "cat"}]}""");

        ToolResult run = await ToolResult.InvokeAsync("data", "check", json);

        Assert.Equal(ExitCodes.UserError, run.ExitCode);
        Assert.Contains("'annotations' is text instead of a list", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_every_label_file_is_one_line()
    {
        for (int i = 0; i < 40; i++)
        {
            _sample.Write($"set/images/{i:00}.bmp", DatasetSample.Bitmap(64, 48));
            _sample.Write($"set/labels/{i:00}.txt", $"0 0,{i + 10} 0,5 0,2 0,2\n");
        }

        _sample.Write("set/data.yaml", "train: images\nnames: [cat]\n");

        ToolResult convert = await ToolResult.InvokeAsync("convert", _sample.PathOf("set"), "--to", "coco", "--out", _sample.PathOf("out"));

        Assert.Equal(0, convert.ExitCode);
        Assert.Single(convert.Error.Split('\n'), line => line.Contains("decimal comma", StringComparison.Ordinal));
        Assert.Contains("40 times", convert.Error, StringComparison.Ordinal);
        ToolResult check = await ToolResult.InvokeAsync("data", "check", _sample.PathOf("set"));
        Assert.Equal(ExitCodes.UserError, check.ExitCode);
        Assert.Contains("40 times", check.Output + check.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_val_split_without_objects_stops_training_and_is_not_trained_on()
    {
        ToolResult run = await ToolResult.InvokeAsync(["train", _sample.Yolo(), "--out", _sample.PathOf("run"), .. TrainTests.Small]);

        run.AssertUserError("its val split (1 image) has no labeled objects", "remove the split");
        Assert.False(Directory.Exists(_sample.PathOf("run")));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("convert")]
    [InlineData("eval")]
    public async Task Boxes_in_another_layout_are_refused_and_named(string command)
    {
        string data = _sample.Labeled();
        _sample.Write("yolo/labels/train/a.txt", string.Concat(Enumerable.Repeat("0 0.7 0.7 0.95 0.95\n", 12)));
        string[] arguments = command switch
        {
            "train" => ["train", data, "--out", _sample.PathOf("run"), .. TrainTests.Small],
            "convert" => ["convert", data, "--to", "coco", "--out", _sample.PathOf("out")],
            _ => ["eval", TinyModel.Save(_sample.PathOf("tiny.safetensors")), data],
        };

        (await ToolResult.InvokeAsync(arguments)).AssertUserError("not in the layout of the format", "x1, y1, x2, y2");
        Assert.Equal(ExitCodes.UserError, (await ToolResult.InvokeAsync("data", "check", data)).ExitCode);
    }

    [Fact]
    public async Task Train_and_val_of_one_folder_are_checked_converted_and_evaluated()
    {
        string data = _sample.Labeled();
        for (int i = 0; i < 3; i++)
        {
            int step = i + 2;
            _sample.Write($"yolo/images/train/more{i}.bmp", DatasetSample.Shaded(64, 64, (x, y) => (x * step) ^ (y * (7 - step))));
        }

        _sample.Write("yolo/data.yaml", "path: ../datasets/yolo\ntrain: images/train\nval: images/train\ntest:\nnames: [cat, dog]\n");

        ToolResult check = await ToolResult.InvokeAsync("data", "check", data);
        ToolResult convert = await ToolResult.InvokeAsync("convert", data, "--to", "coco", "--out", _sample.PathOf("coco"));
        ToolResult eval = await ToolResult.InvokeAsync("eval", TinyModel.Save(_sample.PathOf("tiny.safetensors")), data);

        Assert.Equal((0, 0, 0), (check.ExitCode, convert.ExitCode, eval.ExitCode));
        Assert.Contains("FS411 shared-split", check.Error, StringComparison.Ordinal);
        DetectionDataset written = DatasetReader.Read(_sample.PathOf("coco"));
        Assert.Equal([4, 4], written.Images.CountBy(image => image.Split).Select(pair => pair.Value));
        ToolResult train = await ToolResult.InvokeAsync(["train", data, "--out", _sample.PathOf("run"), .. TrainTests.Small]);
        Assert.True(train.ExitCode == 0, train.Error);
        Assert.Contains("evaluated on images that it is trained on", train.Output + train.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yol", "Did you mean")]
    [InlineData("clip.mp4", "videos are not read")]
    [InlineData("yolo/images/train/a.bmp", "is an image")]
    public async Task A_path_that_is_no_data_set_is_answered_by_the_way_out(string path, string expected)
    {
        _sample.Yolo();
        _sample.Write("clip.mp4", [0, 0, 0, 0x20, .. "ftypisom"u8, .. new byte[64]]);

        (await ToolResult.InvokeAsync("data", "check", _sample.PathOf(path.Split('/')))).AssertUserError(expected);
    }

    [Fact]
    public async Task The_folder_of_the_data_set_is_suggested_if_it_is_below()
    {
        _sample.Yolo();
        _sample.Write("yolo/data.yaml", "train: images/train\nval: images/val\nnames: [cat, dog]\n");

        (await ToolResult.InvokeAsync("data", "check", _sample.Path)).AssertUserError("Did you mean its folder 'yolo'?");
    }

    [Fact]
    public async Task Two_classes_of_one_name_are_not_merged_by_a_conversion()
    {
        string data = _sample.Labeled();
        _sample.Write("yolo/data.yaml", "train: images/train\nval: images/val\nnames: [cat, 'cat ']\n");

        (await ToolResult.InvokeAsync("convert", data, "--to", "voc", "--out", _sample.PathOf("voc"))).AssertUserError("would be one class in VOC", "Rename");
        Assert.Equal(0, (await ToolResult.InvokeAsync("convert", data, "--to", "yolo", "--out", _sample.PathOf("copy"))).ExitCode);
        Assert.Equal(0, (await ToolResult.InvokeAsync("convert", data, "--to", "coco", "--out", _sample.PathOf("coco"))).ExitCode);
        Assert.Equal(["cat", "cat"], DatasetReader.Read(_sample.PathOf("coco")).Classes);
    }

    public void Dispose() => _sample.Dispose();
}
