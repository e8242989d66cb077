using FocalSharp.Cli.Tests.Support;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Patching;

namespace FocalSharp.Cli.Tests;

public sealed class ConvertTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Theory]
    [InlineData("coco")]
    [InlineData("voc")]
    [InlineData("yolo")]
    public async Task Converts_images_boxes_and_splits(string format)
    {
        string target = _sample.PathOf("converted");

        ToolResult run = await ToolResult.InvokeAsync("convert", _sample.Yolo(), "--to", format, "--out", target);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("2 images with 2 objects", run.Output, StringComparison.Ordinal);
        DetectionDataset back = DatasetReader.Read(target);
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], back.Images.Select(image => image.Split).Order());
        Assert.Equal(16, back.Images.Single(image => image.Objects.Count == 2).Objects[0].Box.X1, 0.01);
    }

    [Fact]
    public async Task Does_not_write_to_a_folder_with_files_without_overwrite()
    {
        string source = _sample.Yolo();
        _sample.Write("full/notes.txt", "mine");

        ToolResult refused = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("full"));
        ToolResult overwritten = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("full"), "--overwrite");

        refused.AssertUserError("not empty");
        Assert.Equal(0, overwritten.ExitCode);
        Assert.Equal("mine", File.ReadAllText(_sample.PathOf("full", "notes.txt")));
    }

    [Fact]
    public async Task An_unwritable_folder_is_one_clear_error()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");

        ToolResult run = await ToolResult.InvokeAsync("convert", _sample.Yolo(), "--to", "voc", "--out", "/proc/focalsharp");

        run.AssertUserError("/proc/focalsharp");
    }

    [Fact]
    public async Task A_patch_is_applied_where_it_is_named_and_announced_where_it_is_not()
    {
        string source = _sample.Yolo();
        DetectionDataset before = DatasetReader.Read(source);
        DatasetImage image = before.Images.Single(one => one.Objects.Count == 2);
        PatchLabel first = new(before.Classes[image.Objects[0].Label], image.Objects[0].Box);
        string patch = LabelPatch.GetPath(source);
        new LabelPatch { Edits = [new LabelEdit(image.FileName, first, null), new LabelEdit("none.jpg", null, first)] }.Save(patch);

        ToolResult plain = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("plain"));
        ToolResult patched = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("patched"), "--patch", patch);
        ToolResult broken = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("broken"), "--patch", _sample.Write("broken.json", "{}"));

        Assert.Contains("which are not applied. Apply them with --patch", plain.Error, StringComparison.Ordinal);
        Assert.Equal(2, DatasetReader.Read(_sample.PathOf("plain")).ObjectCount);
        Assert.Contains("1 of 2 edits applied, 1 in conflict with the data set", patched.Output, StringComparison.Ordinal);
        Assert.Contains("edit 2, none.jpg: the data set has no such image", patched.Error, StringComparison.Ordinal);
        Assert.Equal(1, DatasetReader.Read(_sample.PathOf("patched")).ObjectCount);
        Assert.Equal(2, DatasetReader.Read(source).ObjectCount);
        broken.AssertUserError("cannot be read as a label patch");
    }

    public void Dispose() => _sample.Dispose();
}
