using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

/// <summary>What the command line says of resuming, budgets and faults; the training itself is tested below the tool.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task Without_data_and_without_a_run_the_line_is_wrong()
    {
        ToolResult run = await ToolResult.InvokeAsync("train");

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("DATA is missing", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--time", "20", "as 90s, 20m, 1h30m")]
    [InlineData("--batch", "many", "a whole number or auto")]
    [InlineData("--on-fault", "ignore", "skip or stop")]
    public async Task Values_that_can_not_be_are_told(string option, string value, string expected)
    {
        ToolResult run = await ToolResult.InvokeAsync("train", "data", option, value);

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_holds_no_run_is_told()
    {
        (await ToolResult.InvokeAsync("train", "--resume", _sample.PathOf("nowhere"))).AssertUserError("nowhere", "no run to resume");
        (await ToolResult.InvokeAsync("train", "--resume", _sample.PathOf("nowhere"), "--out", "there")).AssertUserError("--out and --resume exclude each other");
    }

    [Fact]
    public async Task A_diverging_run_stops_with_a_batch_that_can_be_replayed()
    {
        string data = _sample.Yolo();
        _sample.Write("yolo/labels/val/b.txt", "0 0.5 0.5 0.5 0.5\n");
        ToolResult trained = await ToolResult.InvokeAsync(
            "train", data, "--out", _sample.PathOf("run"), "--epochs", "9", "--size", "64", "--batch", "1", "--precision", "float32", "--on-fault", "stop",
            "--set", "optimizer.learningRate=1e25", "--set", "schedule.warmupSteps=0", "--set", "optimizer.clipNorm=0", "--set", "evaluateEvery=9",
            "--set", "model.backbone.baseChannels=16", "--set", "model.neck.channels=16", "--set", "model.head.channels=16",
            "--set", "model.head.stackedConvs=1", "--set", "model.head.normGroups=4");
        trained.AssertUserError("Training stopped at step", "focalsharp replay", "--resume");
        string retained = Assert.Single(Directory.GetFiles(_sample.PathOf("run", "faults")));

        ToolResult replayed = await ToolResult.InvokeAsync("replay", retained, "--picture", _sample.PathOf("batch.png"), "--json", _sample.PathOf("fault.json"));

        Assert.True(replayed.ExitCode == 0, replayed.Error);
        Assert.Contains("Then: step", replayed.Output, StringComparison.Ordinal);
        Assert.Contains("Cause:", replayed.Output, StringComparison.Ordinal);
        Assert.Contains("GIoU", replayed.Output, StringComparison.Ordinal);
        Assert.True(new FileInfo(_sample.PathOf("batch.png")).Length > 0);
        Assert.Contains("\"findings\"", File.ReadAllText(_sample.PathOf("fault.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_holds_no_batch_is_told()
    {
        (await ToolResult.InvokeAsync("replay", TinyModel.Save(_sample.PathOf("model.safetensors")))).AssertUserError("holds no batch to replay");
    }
}
