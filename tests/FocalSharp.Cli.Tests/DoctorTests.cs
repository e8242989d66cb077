using System.Text.Json;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class DoctorTests
{
    [Fact]
    public async Task Reports_versions_libraries_and_caches()
    {
        ToolResult run = await ToolResult.InvokeAsync("doctor", "--json", "-");

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal("loads", json.RootElement.GetProperty("libtorch").GetString());
        Assert.EndsWith("loads", json.RootElement.GetProperty("SkiaSharp").GetString(), StringComparison.Ordinal);
        Assert.Contains("cpu", json.RootElement.GetProperty("ONNX Runtime").GetString(), StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture), json.RootElement.GetProperty("processors").GetString());
        Assert.True(json.RootElement.TryGetProperty("cache", out _));
        Assert.Equal(0, json.RootElement.GetProperty("problems").GetArrayLength());
        Assert.Contains("No problems found.", run.Error, StringComparison.Ordinal);
    }
}
