using System.Text.Json;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class InfoTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task Describes_the_machine_as_text_and_json()
    {
        ToolResult run = await ToolResult.InvokeAsync("info", "--json", "-");

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal("loads", json.RootElement.GetProperty("libtorch").GetString());
        Assert.Contains(json.RootElement.GetProperty("precision auto").GetString()!.Split(' ')[0], new[] { "bf16", "float32" });
        Assert.Contains("CPU features", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describes_a_model()
    {
        string model = TinyModel.Save(_sample.PathOf("run", "best.safetensors"));

        ToolResult run = await ToolResult.InvokeAsync("info", Path.GetDirectoryName(model)!);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("2: cat, dog", run.Output, StringComparison.Ordinal);
        Assert.Contains("ResNet-18, 16 base channels", run.Output, StringComparison.Ordinal);
        Assert.Contains("longer side 96 px", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_model_is_one_clear_error() => (await ToolResult.InvokeAsync("info", _sample.PathOf("absent"))).AssertUserError("absent");

    public void Dispose() => _sample.Dispose();
}
