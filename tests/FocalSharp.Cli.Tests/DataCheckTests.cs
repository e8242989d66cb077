using System.Text.Json;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class DataCheckTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task A_sound_data_set_is_described_and_passes()
    {
        ToolRun run = await ToolRun.InvokeAsync("data", "check", _sample.Yolo());

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("2 images, 2 objects, 2 classes", run.Output, StringComparison.Ordinal);
        Assert.Contains("cat", run.Output, StringComparison.Ordinal);
        Assert.Contains("Recommended: regMax 16", run.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing wrong was found.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_on_stdout_is_alone_there()
    {
        ToolRun run = await ToolRun.InvokeAsync("data", "check", _sample.Yolo(), "--json", "-");

        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(2, json.RootElement.GetProperty("images").GetInt32());
        Assert.Contains("2 images", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_goes_to_a_file_that_is_named()
    {
        string file = _sample.In("new", "findings.json");

        ToolRun run = await ToolRun.InvokeAsync("data", "check", _sample.Yolo(), "--json", file);

        Assert.Contains(file, run.Output, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal(2, json.RootElement.GetProperty("classes").GetArrayLength());
    }

    [Fact]
    public async Task Letters_in_a_label_file_are_told_with_file_and_line_and_fail()
    {
        ToolRun run = await ToolRun.InvokeAsync("data", "check", _sample.Yolo("0 0.5 0.5 0.5 0.5\ncat 0.1 x 0.2 0.3\n"));

        Assert.Equal(ExitCodes.UserError, run.ExitCode);
        Assert.Contains("a.txt", run.Error, StringComparison.Ordinal);
        Assert.Contains("error: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_box_that_was_cut_is_a_warning()
    {
        ToolRun run = await ToolRun.InvokeAsync("data", "check", _sample.Yolo("0 0.9 0.5 0.5 0.5\n"));

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("warning: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("")]
    public async Task No_data_set_is_one_clear_error(string folder)
    {
        ToolRun run = await ToolRun.InvokeAsync("data", "check", _sample.In(folder));

        run.AssertUserError(_sample.In(folder));
    }

    [Theory]
    [InlineData("--size", "0")]
    [InlineData("--reg-max", "-3")]
    public async Task Impossible_settings_are_refused(string option, string value)
    {
        ToolRun run = await ToolRun.InvokeAsync("data", "check", _sample.Yolo(), option, value);

        run.AssertUserError(value);
    }

    public void Dispose() => _sample.Dispose();
}
