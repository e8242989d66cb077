using System.Text.Json;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Cli.Tests;

public sealed class DataCheckTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task A_correct_data_set_is_described_and_passes()
    {
        ToolResult run = await ToolResult.InvokeAsync("data", "check", _sample.Yolo());

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("2 images, 2 objects, 2 classes", run.Output, StringComparison.Ordinal);
        Assert.Contains("cat", run.Output, StringComparison.Ordinal);
        Assert.Contains("regMax 16, strides 8, 16, 32, 64: No change is needed", run.Output, StringComparison.Ordinal);
        Assert.Contains("No problems found.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_only_output_on_stdout()
    {
        ToolResult run = await ToolResult.InvokeAsync("data", "check", _sample.Yolo(), "--json", "-");

        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(2, json.RootElement.GetProperty("images").GetInt32());
        Assert.Contains("2 images", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_written_to_a_file_whose_name_is_printed()
    {
        string file = _sample.PathOf("new", "findings.json");

        ToolResult run = await ToolResult.InvokeAsync("data", "check", _sample.Yolo(), "--json", file);

        Assert.Contains(file, run.Output, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal(2, json.RootElement.GetProperty("classes").GetArrayLength());
    }

    [Fact]
    public async Task Letters_in_a_label_file_are_an_error_with_file_and_line()
    {
        ToolResult run = await ToolResult.InvokeAsync("data", "check", _sample.Yolo("0 0.5 0.5 0.5 0.5\ncat 0.1 x 0.2 0.3\n"));

        Assert.Equal(ExitCodes.UserError, run.ExitCode);
        Assert.Contains("a.txt", run.Error, StringComparison.Ordinal);
        Assert.Contains("error: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clipped_box_is_a_warning()
    {
        ToolResult run = await ToolResult.InvokeAsync("data", "check", _sample.Yolo("0 0.9 0.5 0.5 0.5\n"));

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("warning: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_fail_under_strict()
    {
        ToolResult run = await ToolResult.InvokeAsync("data", "check", _sample.Yolo("0 0.9 0.5 0.5 0.5\n"), "--strict");

        Assert.Equal(ExitCodes.UserError, run.ExitCode);
        Assert.Contains("FS202 outside-box (1)", run.Error, StringComparison.Ordinal);
        Assert.Contains("Fix: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_in_two_splits_is_an_error_that_names_both()
    {
        string set = _sample.Yolo();
        File.Copy(Path.Combine(set, "images/train/a.bmp"), Path.Combine(set, "images/val/c.bmp"));

        ToolResult run = await ToolResult.InvokeAsync("data", "check", set);
        ToolResult fast = await ToolResult.InvokeAsync("data", "check", set, "--fast");

        Assert.Equal(ExitCodes.UserError, run.ExitCode);
        Assert.Contains("error: FS401 leaked-image (1)", run.Error, StringComparison.Ordinal);
        Assert.Contains("c.bmp: in val, and as ", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, fast.ExitCode);
    }

    [Fact]
    public async Task A_damaged_image_is_an_error()
    {
        string set = _sample.Yolo();
        byte[] bytes = File.ReadAllBytes(Path.Combine(set, "images/val/b.bmp"));
        File.WriteAllBytes(Path.Combine(set, "images/val/b.bmp"), bytes[..(bytes.Length / 2)]);

        ToolResult run = await ToolResult.InvokeAsync("data", "check", set);

        Assert.Equal(ExitCodes.UserError, run.ExitCode);
        Assert.Contains("FS110 damaged-image (1)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_and_recommended_settings_are_in_the_json()
    {
        ToolResult run = await ToolResult.InvokeAsync("data", "check", _sample.Yolo("0 0.9 0.5 0.5 0.5\n"), "--json", "-");

        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement finding = json.RootElement.GetProperty("findings").EnumerateArray().First(item => item.GetProperty("id").GetString() == "FS202");
        Assert.Equal("outside-box", finding.GetProperty("name").GetString());
        Assert.Equal("Warning", finding.GetProperty("severity").GetString());
        Assert.Equal(1, finding.GetProperty("count").GetInt32());
        Assert.NotEmpty(finding.GetProperty("fix").GetString()!);
        Assert.EndsWith("a.txt", finding.GetProperty("examples")[0].GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.Equal(320, json.RootElement.GetProperty("recommendedSettings").GetProperty("inputSize").GetInt32());
    }

    [Theory]
    [InlineData("gfl-lite")]
    [InlineData("gfl-r50-1x")]
    [InlineData("nanodet-g-finetune")]
    public async Task The_recommended_command_is_valid_for_train(string recipe)
    {
        // Long thin boxes at a low regMax require a larger one.
        ToolResult run = await ToolResult.InvokeAsync("data", "check", _sample.Yolo("0 0.5 0.5 0.95 0.03\n"), "--recipe", recipe, "--reg-max", "2", "--json", "-");

        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement advice = json.RootElement.GetProperty("recommendedSettings");
        string[] words = advice.GetProperty("command").GetString()!.Split(' ');
        Assert.Equal(["focalsharp", "train", _sample.PathOf("yolo"), "--recipe", recipe], words[..5]);
        Recipe trained = RecipeBook.Load(recipe) with { BatchSize = int.Parse(words[Array.IndexOf(words, "--batch") + 1]) };
        trained = trained with { Input = trained.Input.WithSize(int.Parse(words[Array.IndexOf(words, "--size") + 1])) };
        for (int i = 0; i < words.Length; i++)
        {
            trained = words[i] == "--set" ? RecipeBook.Set(trained, words[i + 1]) : trained;
        }

        trained.Validate();
        Assert.Equal(advice.GetProperty("regMax").GetInt32(), trained.Model.Head.RegMax);
        Assert.Equal(advice.GetProperty("strides").EnumerateArray().Select(item => item.GetInt32()), trained.Model.Head.Strides);
        Assert.Equal(advice.GetProperty("batchSize").GetInt32(), trained.BatchSize);
    }

    [Fact]
    public async Task All_examples_are_listed_with_all()
    {
        string labels = string.Concat(Enumerable.Range(0, 30).Select(i => $"0 0.9 0.{10 + i} 0.5 0.1\n"));

        ToolResult few = await ToolResult.InvokeAsync("data", "check", _sample.Yolo(labels), "--fast");
        ToolResult all = await ToolResult.InvokeAsync("data", "check", _sample.Yolo(labels), "--fast", "--all");

        Assert.Equal(3, few.Error.Split('\n').Count(line => line.Contains("extends 9.6 px", StringComparison.Ordinal)));
        Assert.Equal(30, all.Error.Split('\n').Count(line => line.Contains("extends 9.6 px", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("")]
    public async Task No_data_set_is_one_clear_error(string folder)
    {
        ToolResult run = await ToolResult.InvokeAsync("data", "check", _sample.PathOf(folder));

        run.AssertUserError(_sample.PathOf(folder));
    }

    [Theory]
    [InlineData("--size", "0")]
    [InlineData("--reg-max", "-3")]
    public async Task Settings_out_of_range_are_a_usage_error(string option, string value)
    {
        ToolResult run = await ToolResult.InvokeAsync("data", "check", _sample.Yolo(), option, value);

        run.AssertUsageError(option, $"not '{value}'");
    }

    public void Dispose() => _sample.Dispose();
}
