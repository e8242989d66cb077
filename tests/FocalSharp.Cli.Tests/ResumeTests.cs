using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

/// <summary>Tests the options for resuming, time limits and bad steps; training itself is tested in FocalSharp.Training.Tests.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task Without_data_and_without_a_run_is_a_usage_error()
    {
        ToolResult run = await ToolResult.InvokeAsync("train");

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("DATA is missing", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--time", "20", "such as 90s, 20m or 1h30m")]
    [InlineData("--batch", "many", "a whole number of at least 1, or auto")]
    [InlineData("--on-bad-step", "ignore", "skip or stop")]
    public async Task Invalid_values_are_a_usage_error(string option, string value, string expected)
    {
        ToolResult run = await ToolResult.InvokeAsync("train", "data", option, value);

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_run_is_one_clear_error()
    {
        (await ToolResult.InvokeAsync("train", "--resume", _sample.PathOf("nowhere"))).AssertUserError("nowhere", "no run to resume");
        (await ToolResult.InvokeAsync("train", "--resume", _sample.PathOf("nowhere"), "--out", "there")).AssertUsageError("--out and --resume exclude each other");
    }

    [Fact]
    public async Task A_diverging_run_stops_with_a_batch_that_can_be_replayed()
    {
        string data = _sample.Yolo();
        _sample.Write("yolo/labels/val/b.txt", "0 0.5 0.5 0.5 0.5\n");
        ToolResult trained = await ToolResult.InvokeAsync(
            "train", data, "--out", _sample.PathOf("run"), "--epochs", "9", "--size", "64", "--batch", "1", "--precision", "float32", "--on-bad-step", "stop",
            "--set", "optimizer.learningRate=1e25", "--set", "schedule.warmupSteps=0", "--set", "optimizer.clipNorm=0", "--set", "evaluateEvery=9",
            "--set", "model.backbone.baseChannels=16", "--set", "model.neck.channels=16", "--set", "model.head.channels=16",
            "--set", "model.head.stackedConvs=1", "--set", "model.head.normGroups=4");
        trained.AssertUserError("Training stopped at step", "focalsharp replay", "--resume");
        string file = Assert.Single(Directory.GetFiles(_sample.PathOf("run", "bad-steps")));

        ToolResult replayed = await ToolResult.InvokeAsync("replay", file, "--image", _sample.PathOf("batch.png"), "--json", _sample.PathOf("findings.json"));

        Assert.True(replayed.ExitCode == 0, replayed.Error);
        Assert.Contains("During training: step", replayed.Output, StringComparison.Ordinal);
        Assert.Contains("Cause:", replayed.Output, StringComparison.Ordinal);
        Assert.Contains("GIoU", replayed.Output, StringComparison.Ordinal);
        Assert.True(new FileInfo(_sample.PathOf("batch.png")).Length > 0);
        Assert.Contains("\"findings\"", File.ReadAllText(_sample.PathOf("findings.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_a_batch_is_one_clear_error()
    {
        (await ToolResult.InvokeAsync("replay", TinyModel.Save(_sample.PathOf("model.safetensors")))).AssertUserError("contains no batch to replay");
    }
}
