using System.Text.Json;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class EvalModelTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task Evaluates_a_run_and_saves_its_detections()
    {
        TinyModel.Save(_sample.PathOf("run", "best.safetensors"));
        string results = _sample.PathOf("results.json");
        string json = _sample.PathOf("scores.json");

        ToolResult run = await ToolResult.InvokeAsync("eval", _sample.PathOf("run"), _sample.Yolo(), "--split", "train", "--save-results", results, "--json", json);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches(@"AP\s+\d\.\d{4}", run.Output);
        using JsonDocument scores = JsonDocument.Parse(File.ReadAllText(json));
        Assert.Equal("train", scores.RootElement.GetProperty("split").GetString());
        Assert.True(scores.RootElement.GetProperty("images_per_second").GetDouble() > 0);
        Assert.True(File.Exists(results));
        Assert.True(scores.RootElement.TryGetProperty("spearman_score_iou", out _));
        Assert.Equal(10, scores.RootElement.GetProperty("calibration").GetProperty("score").GetProperty("bins").GetArrayLength());
    }

    [Fact]
    public async Task Unknown_classes_are_one_clear_error()
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        string data = _sample.Labeled();
        _sample.Write("yolo/data.yaml", "train: images/train\nval: images/val\nnames: [lynx, wolf]\n");

        ToolResult run = await ToolResult.InvokeAsync("eval", model, data);

        run.AssertUserError("cat, dog", "lynx, wolf");
    }

    [Fact]
    public async Task An_empty_split_is_one_clear_error()
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));

        ToolResult run = await ToolResult.InvokeAsync("eval", model, _sample.Yolo(), "--split", "test");

        run.AssertUserError("split 'test'", "--split");
    }

    [Fact]
    public async Task A_missing_model_is_reported_before_the_data_is_read()
    {
        ToolResult run = await ToolResult.InvokeAsync("eval", _sample.PathOf("absent"), _sample.PathOf("absent-too"));

        run.AssertUserError(_sample.PathOf("absent") + ":");
    }

    // The official code's AP with this checkpoint. Scores that differ in their last bits may change the order of equal ones.
    [Fact]
    [Trait(GoldenData.Trait, GoldenData.Golden)]
    public async Task Reaches_the_official_AP_with_the_official_checkpoint()
    {
        string checkpoint = GoldenData.Require("checkpoint", "mmengine_epoch_36.pth");
        string truth = GoldenData.Require("shapes", "instances_val.json");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(GoldenData.Require("checkpoint", "README.json")));
        string json = _sample.PathOf("scores.json");

        ToolResult run = await ToolResult.InvokeAsync("eval", checkpoint, truth, "--split", "all", "--size", "160", "--json", json);

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument ours = JsonDocument.Parse(File.ReadAllText(json));
        double[] stats = [.. expected.RootElement.GetProperty("coco_stats12").EnumerateArray().Select(value => value.GetDouble())];
        foreach ((string name, double value) in new[] { "AP", "AP50", "AP75" }.Zip(stats))
        {
            GoldenReport.Record("cli/eval model", name, Math.Abs(value - ours.RootElement.GetProperty(name).GetDouble()), 1e-3);
        }
    }

    public void Dispose() => _sample.Dispose();
}
