using System.Text.Json;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class TrainTests : IDisposable
{
    internal static readonly string[] Small =
    [
        "--epochs", "1", "--size", "64", "--batch", "2", "--set", "model.backbone.baseChannels=16", "--set", "model.neck.channels=32",
        "--set", "model.head.channels=32", "--set", "model.head.stackedConvs=1", "--set", "model.head.normGroups=8",
    ];

    private readonly DatasetSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task A_run_prints_its_metrics_its_files_and_the_next_steps()
    {
        ToolResult run = await ToolResult.InvokeAsync(["train", _sample.Labeled(), "--out", _sample.PathOf("run"), .. Small]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("AP50", run.Output, StringComparison.Ordinal);
        Assert.Contains("Next steps:", run.Output, StringComparison.Ordinal);
        Assert.Contains(_sample.PathOf("run", "report.html"), run.Output, StringComparison.Ordinal);
        using JsonDocument result = JsonDocument.Parse(File.ReadAllText(_sample.PathOf("run", "result.json")));
        Assert.Contains("--epochs 1", result.RootElement.GetProperty("command").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_folder_is_not_overwritten()
    {
        string[] words = ["train", _sample.Labeled(), "--out", _sample.PathOf("run"), .. Small];
        await ToolResult.InvokeAsync(words);
        byte[] before = File.ReadAllBytes(_sample.PathOf("run", "last.safetensors"));

        ToolResult second = await ToolResult.InvokeAsync(words);

        Assert.Equal(1, second.ExitCode);
        Assert.Equal(before, File.ReadAllBytes(_sample.PathOf("run", "last.safetensors")));
    }

    [Theory]
    [InlineData("model.head.regMx=8", "Did you mean 'regMax'?")]
    [InlineData("epochs=none", "'epochs' must be a whole number")]
    [InlineData("input.shortSide=100", "must be a multiple of 32")]
    [InlineData("model.neck.levels=5", "model.head.strides lists 4")]
    [InlineData("optimizer.learningRate=-1", "must be above 0")]
    public async Task Wrong_settings_are_one_clear_error(string setting, string expected)
    {
        ToolResult run = await ToolResult.InvokeAsync("train", _sample.Labeled(), "--out", _sample.PathOf("run"), "--set", setting);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_sample.PathOf("run")));
    }

    [Fact]
    public async Task A_missing_data_set_is_one_clear_error()
    {
        ToolResult run = await ToolResult.InvokeAsync("train", _sample.PathOf("nowhere"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("nowhere", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreadable_images_are_one_clear_error()
    {
        string data = _sample.Labeled();
        foreach (string image in Directory.GetFiles(data, "*.bmp", SearchOption.AllDirectories))
        {
            File.WriteAllText(image, "not a picture");
        }

        ToolResult run = await ToolResult.InvokeAsync(["train", data, "--out", _sample.PathOf("run"), .. Small]);

        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
