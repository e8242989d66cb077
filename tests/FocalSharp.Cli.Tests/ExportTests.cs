using FocalSharp.Cli.Tests.Support;
using FocalSharp.Runtime;

namespace FocalSharp.Cli.Tests;

public sealed class ExportTests
{
    [Fact]
    public async Task Exports_a_run_beside_its_weights_and_reports_the_verification()
    {
        using DatasetSample sample = new();
        Directory.CreateDirectory(sample.PathOf("run"));
        TinyModel.Save(sample.PathOf("run", "best.safetensors"));
        ToolResult run = await ToolResult.InvokeAsync("export", sample.PathOf("run"), "--json", sample.PathOf("report.json"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(File.Exists(sample.PathOf("run", "model.onnx")));
        Assert.Contains("Verified in ONNX Runtime on 36 images", run.Output, StringComparison.Ordinal);
        Assert.Contains("tolerance 0.1", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"images\": 36", await File.ReadAllTextAsync(sample.PathOf("report.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_name_contains_the_variant()
    {
        using DatasetSample sample = new();
        string weights = TinyModel.Save(sample.PathOf("tiny.safetensors"));
        Assert.Equal(0, (await ToolResult.InvokeAsync("export", weights, "--raw", "--half", "--images", sample.Write("a.bmp", DatasetSample.Bitmap(64, 48)))).ExitCode);
        Assert.True(File.Exists(sample.PathOf("tiny.raw.half.onnx")));
    }

    [Fact]
    public async Task Another_input_size_is_stored_in_the_file()
    {
        using DatasetSample sample = new();
        string weights = TinyModel.Save(sample.PathOf("tiny.safetensors"));
        Assert.Equal(0, (await ToolResult.InvokeAsync("export", weights, "--size", "96")).ExitCode);
        using Detector detector = Detector.Load(sample.PathOf("tiny.onnx"));
        Assert.Equal((96, 96), (detector.Model.Resize.LongSide, detector.Model.Resize.ShortSide));
        (await ToolResult.InvokeAsync("export", weights, "--size", "7")).AssertUsageError("--size takes a whole number from 32 to 8192, not '7'.");
    }

    [Fact]
    public async Task Wrong_inputs_are_one_clear_error_and_write_nothing()
    {
        using DatasetSample sample = new();
        string weights = TinyModel.Save(sample.PathOf("tiny.safetensors"));
        (await ToolResult.InvokeAsync("export", sample.PathOf("nothing"))).AssertUserError("no such file or folder");
        (await ToolResult.InvokeAsync("export", weights, "-o", weights)).AssertUserError("overwritten");
        (await ToolResult.InvokeAsync("export", weights, "-o", sample.Path)).AssertUserError("is a folder");
        (await ToolResult.InvokeAsync("export", weights, "--images", sample.PathOf("none.jpg"))).AssertUserError("no such file");
        (await ToolResult.InvokeAsync("export", sample.Write("bad.safetensors", "not weights"))).AssertUserError("bad.safetensors");
        Assert.Empty(Directory.EnumerateFiles(sample.Path, "*.onnx"));
    }

    [Theory]
    [InlineData("--raw", "--no-nms")]
    [InlineData("--int8")]
    [InlineData("--calibrate", "data")]
    [InlineData("--int8", "--calibrate", "data", "--half")]
    public async Task Options_that_exclude_each_other_are_a_usage_error(params string[] options)
    {
        ToolResult run = await ToolResult.InvokeAsync(["export", "model.safetensors", .. options]);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }
}
