using System.Text.Json;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class EvalFilesTests : IDisposable
{
    private const string GroundTruth = """
        {"images":[{"id":1,"width":100,"height":100,"file_name":"a.jpg"}],"categories":[{"id":3,"name":"cat"},{"id":7,"name":"dog"}],
        "annotations":[{"id":1,"image_id":1,"category_id":3,"bbox":[10,10,40,40],"area":1600,"iscrowd":0},
        {"id":2,"image_id":1,"category_id":7,"bbox":[60,60,30,30],"area":900,"iscrowd":0}]}
        """;

    private readonly DatasetSample _sample = new();

    // The cat is detected exactly; the dog's box has an IoU of 2/3, a match at 0.50 to 0.65: 4 of 10 thresholds.
    [Fact]
    public async Task Evaluates_two_coco_files_as_table_and_json()
    {
        string truth = _sample.Write("gt.json", GroundTruth);
        string found = _sample.Write("dt.json", """
            [{"image_id":1,"category_id":3,"bbox":[10,10,40,40],"score":0.9},{"image_id":1,"category_id":7,"bbox":[60,60,30,20],"score":0.8}]
            """);
        string json = _sample.PathOf("scores.json");

        ToolResult run = await ToolResult.InvokeAsync("eval", "--gt", truth, "--dt", found, "--json", json);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches(@"AP\s+0\.7000", run.Output);
        Assert.Matches(@"AP50\s+1\.0000", run.Output);
        Assert.Matches(@"dog\s+1\s+0\.4000", run.Output);
        using JsonDocument scores = JsonDocument.Parse(File.ReadAllText(json));
        Assert.Equal(0.7, scores.RootElement.GetProperty("AP").GetDouble(), 12);
        Assert.Equal(0.4, scores.RootElement.GetProperty("per_class").GetProperty("dog").GetProperty("AP").GetDouble(), 12);
        Assert.StartsWith("focalsharp eval --gt", scores.RootElement.GetProperty("command").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"image_id\":1", "dt.json")]
    [InlineData("not json", "dt.json")]
    public async Task Broken_results_are_one_clear_error(string text, string named)
    {
        string truth = _sample.Write("gt.json", GroundTruth);
        string found = _sample.Write("dt.json", text);

        ToolResult run = await ToolResult.InvokeAsync("eval", "--gt", truth, "--dt", found);

        run.AssertUserError(named);
    }

    [Fact]
    public async Task A_missing_file_is_one_clear_error()
    {
        string truth = _sample.Write("gt.json", GroundTruth);

        ToolResult run = await ToolResult.InvokeAsync("eval", "--gt", truth, "--dt", _sample.PathOf("absent.json"));

        run.AssertUserError("absent.json");
    }

    [Theory]
    [InlineData("eval --gt a.json", "--gt and --dt belong together")]
    [InlineData("eval model data --gt a.json --dt b.json", "not both")]
    [InlineData("eval model", "Give a model and a data set")]
    [InlineData("eval", "Give a model and a data set")]
    public async Task Incomplete_arguments_are_a_usage_error(string line, string expected)
    {
        ToolResult run = await ToolResult.InvokeAsync(line.Split(' '));

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(GoldenData.Trait, GoldenData.Golden)]
    public async Task Equals_the_reference_implementation()
    {
        string folder = GoldenData.Require("coco");
        string json = _sample.PathOf("scores.json");

        ToolResult run = await ToolResult.InvokeAsync("eval", "--gt", Path.Combine(folder, "gt.json"), "--dt", Path.Combine(folder, "dt.json"), "--json", json);

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument ours = JsonDocument.Parse(File.ReadAllText(json));
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        AssertStats(expected.RootElement, ours.RootElement);
    }

    public void Dispose() => _sample.Dispose();

    private static void AssertStats(JsonElement expected, JsonElement ours)
    {
        string[] names = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"];
        double[] stats = [.. expected.GetProperty("results").GetProperty("default").GetProperty("stats12").EnumerateArray().Select(value => value.GetDouble())];
        for (int i = 0; i < names.Length; i++)
        {
            GoldenReport.Record("cli/eval", names[i], Math.Abs(stats[i] - ours.GetProperty(names[i]).GetDouble()), 1e-9);
        }
    }
}
