using FocalSharp.Cli.Tests.Support;
using FocalSharp.Datasets;

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

    public void Dispose() => _sample.Dispose();
}
