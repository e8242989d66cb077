using System.Text.Json;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Cli.Tests;

public sealed class PredictTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    private string Model => TinyModel.Save(_sample.PathOf("tiny.safetensors"));

    [Fact]
    public async Task A_scan_beyond_the_limit_is_read_by_rows_on_request()
    {
        string scan = _sample.Write("scan.png", WhiteScan.CreatePng(17_000, 6_000)); // 102 megapixels

        ToolResult refused = await ToolResult.InvokeAsync("predict", Model, scan, "--no-images", "--json", _sample.PathOf("scan.json"));
        ToolResult run = await ToolResult.InvokeAsync(
            "predict", Model, scan, "--no-images", "--json", _sample.PathOf("scan.json"), "--max-megapixels", "110", "--threshold", "0.01");

        Assert.Contains("--max-megapixels", refused.Error, StringComparison.Ordinal);
        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(_sample.PathOf("scan.json")));
        Assert.Equal(17_000, json.RootElement.GetProperty("images")[0].GetProperty("width").GetInt32());
    }

    [Fact]
    public async Task Writes_annotated_images_and_readable_json_with_the_uncertainty_of_every_edge()
    {
        string image = _sample.Write("photos/one.bmp", DatasetSample.Bitmap(120, 80));

        ToolResult run = await ToolResult.InvokeAsync("predict", Model, image, "--out", _sample.PathOf("out"), "--threshold", "0.01", "--max-detections", "5");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(new ImageSize(120, 80), ImageDecoder.ReadSize(_sample.PathOf("out", "one.png")));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(_sample.PathOf("out", "predictions.json")));
        JsonElement found = json.RootElement.GetProperty("images")[0];
        Assert.Equal(120, found.GetProperty("width").GetInt32());
        Assert.InRange(found.GetProperty("detections").GetArrayLength(), 1, 5);
        foreach (JsonElement detection in found.GetProperty("detections").EnumerateArray())
        {
            Assert.InRange(detection.GetProperty("score").GetDouble(), 0.01, 1);
            Assert.InRange(detection.GetProperty("box").GetProperty("x2").GetDouble(), 0, 120);
            Assert.All(new[] { "left", "top", "right", "bottom" }, side =>
                Assert.True(detection.GetProperty("deviation_px").GetProperty(side).GetDouble() > 0));
            JsonElement left = detection.GetProperty("edges").GetProperty("left");
            Assert.Equal(detection.GetProperty("deviation_px").GetProperty("left").GetDouble(), left.GetProperty("deviation").GetDouble());
            Assert.Equal(detection.GetProperty("box").GetProperty("x1").GetDouble(), Math.Max(0, left.GetProperty("mean").GetDouble()));
            Assert.InRange(left.GetProperty("q50").GetDouble(), left.GetProperty("q05").GetDouble(), left.GetProperty("q95").GetDouble());
        }
    }

    [Fact]
    public async Task Tiles_detect_in_a_large_image_and_their_options_are_checked()
    {
        string image = _sample.Write("photos/large.bmp", DatasetSample.Bitmap(300, 200));

        ToolResult tiled = await ToolResult.InvokeAsync("predict", Model, image, "--out", _sample.PathOf("out"), "--threshold", "0.01", "--tiles", "--overlap", "0.3");
        Assert.True(tiled.ExitCode == 0, tiled.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(_sample.PathOf("out", "predictions.json")));
        Assert.True(json.RootElement.GetProperty("images")[0].GetProperty("detections").GetArrayLength() > 0);

        ToolResult limited = await ToolResult.InvokeAsync(
            "predict", Model, image, "--out", _sample.PathOf("few"), "--threshold", "0.01", "--max-detections", "3", "--tiles", "128");
        Assert.True(limited.ExitCode == 0, limited.Error);
        using JsonDocument few = JsonDocument.Parse(File.ReadAllText(_sample.PathOf("few", "predictions.json")));
        Assert.Equal(3, few.RootElement.GetProperty("images")[0].GetProperty("detections").GetArrayLength());

        ToolResult misplaced = await ToolResult.InvokeAsync("predict", Model, image, "--tiles", image, "--out", _sample.PathOf("out"));
        Assert.NotEqual(0, misplaced.ExitCode);
        Assert.Contains("Put --tiles after the images", misplaced.Error, StringComparison.Ordinal);
        ToolResult beyond = await ToolResult.InvokeAsync("predict", Model, image, "--out", _sample.PathOf("out"), "--tiles", "--overlap", "0.9");
        beyond.AssertUsageError("--overlap takes a number from 0 to 0.75, not '0.9'.");
    }

    [Fact]
    public async Task The_whole_image_is_left_out_of_the_tiles_on_request()
    {
        string image = _sample.Write("photos/large.bmp", DatasetSample.Shaded(300, 200, (x, y) => (x + y) / 2));

        int both = await CountAsync("--tiles", "200");
        int tilesOnly = await CountAsync("--tiles", "200", "--tiles-only");

        Assert.InRange(tilesOnly, 1, both - 1);
        (await ToolResult.InvokeAsync("predict", Model, image, "--out", _sample.PathOf("none"), "--tiles-only")).AssertUserError("Add --tiles");
        (await ToolResult.InvokeAsync("predict", Model, image, "--out", _sample.PathOf("none"), "--overlap", "0.25")).AssertUserError("--overlap applies to tiles");

        async Task<int> CountAsync(params string[] tiles)
        {
            string json = _sample.PathOf($"{tiles.Length}.json");
            ToolResult run = await ToolResult.InvokeAsync(["predict", Model, image, "--no-images", "--json", json, "--threshold", "0.01", "--nms", "0.99", .. tiles]);
            Assert.True(run.ExitCode == 0, run.Error);
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(json));
            return document.RootElement.GetProperty("images")[0].GetProperty("detections").GetArrayLength();
        }
    }

    [Fact]
    public async Task Label_studio_tasks_have_the_detections_as_predictions()
    {
        _sample.Write("photos/7.bmp", DatasetSample.Bitmap(64, 64));
        string tasks = _sample.PathOf("tasks/tasks.json");
        ToolResult run = await ToolResult.InvokeAsync(
            "predict", Model, _sample.PathOf("photos"), "--format", "labelstudio", "--json", tasks, "--no-images", "--threshold", "0.01");

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(tasks));
        JsonElement prediction = document.RootElement[0].GetProperty("predictions")[0];
        JsonElement region = prediction.GetProperty("result")[0];
        Assert.InRange(region.GetProperty("score").GetDouble(), 0.01, 1);
        Assert.InRange(region.GetProperty("value").GetProperty("x").GetDouble(), 0, 100);
        Assert.Contains("<RectangleLabels", File.ReadAllText(_sample.PathOf("tasks/config.xml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coco_results_can_be_evaluated_by_eval()
    {
        _sample.Write("photos/7.bmp", DatasetSample.Bitmap(64, 64));
        string truth = _sample.Write("gt.json", """
            {"images":[{"id":7,"width":64,"height":64,"file_name":"7.bmp"}],"categories":[{"id":1,"name":"cat"},{"id":2,"name":"dog"}],
            "annotations":[{"id":1,"image_id":7,"category_id":1,"bbox":[1,1,40,40],"area":1600,"iscrowd":0}]}
            """);
        string results = _sample.PathOf("results.json");

        ToolResult predicted = await ToolResult.InvokeAsync(
            "predict", Model, _sample.PathOf("photos"), "--format", "coco", "--json", results, "--no-images", "--threshold", "0.01");
        ToolResult evaluated = await ToolResult.InvokeAsync("eval", "--gt", truth, "--dt", results);

        Assert.True(predicted.ExitCode == 0, predicted.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(results));
        Assert.Equal(7, json.RootElement[0].GetProperty("image_id").GetInt64());
        Assert.True(evaluated.ExitCode == 0, evaluated.Error);
        Assert.False(Directory.Exists("predictions"));
    }

    [Fact]
    public async Task Json_is_the_only_output_on_stdout()
    {
        string image = _sample.Write("one.bmp", DatasetSample.Bitmap(64, 64));

        ToolResult run = await ToolResult.InvokeAsync("predict", Model, image, "--json", "-", "--no-images", "--threshold", "1");

        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(0, json.RootElement.GetProperty("images")[0].GetProperty("detections").GetArrayLength());
        Assert.Contains("no detections", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_image_does_not_stop_the_others()
    {
        _sample.Write("photos/bad.jpg", "not an image");
        _sample.Write("photos/good.bmp", DatasetSample.Bitmap(64, 64));

        ToolResult run = await ToolResult.InvokeAsync("predict", Model, _sample.PathOf("photos"), "--out", _sample.PathOf("out"));

        run.AssertUserError("bad.jpg");
        Assert.True(File.Exists(_sample.PathOf("out", "good.png")));
        Assert.True(File.Exists(_sample.PathOf("out", "predictions.json")));
    }

    [Fact]
    public async Task A_text_file_named_jpg_is_one_clear_error()
    {
        string image = _sample.Write("text.jpg", "not an image");

        ToolResult run = await ToolResult.InvokeAsync("predict", Model, image, "--out", _sample.PathOf("out"));

        run.AssertUserError("text.jpg");
    }

    [Fact]
    public async Task An_image_of_one_pixel_is_one_clear_error()
    {
        string image = _sample.Write("dot.bmp", DatasetSample.Bitmap(1, 1));

        ToolResult run = await ToolResult.InvokeAsync("predict", Model, image, "--out", _sample.PathOf("out"));

        run.AssertUserError("dot.bmp", "1x1");
    }

    [Fact]
    public async Task A_gigantic_image_is_one_clear_error_without_allocating_it()
    {
        string image = _sample.Write("huge.bmp", DatasetSample.Bitmap(20000, 20000, headerOnly: true));

        ToolResult run = await ToolResult.InvokeAsync("predict", Model, image, "--out", _sample.PathOf("out"));

        run.AssertUserError("huge.bmp", "20000");
    }

    [Theory]
    [InlineData("--threshold", "1.5")]
    [InlineData("--nms", "-0.1")]
    [InlineData("--max-detections", "0")]
    [InlineData("--size", "8")]
    public async Task Settings_out_of_range_are_a_usage_error(string option, string value)
    {
        string image = _sample.Write("one.bmp", DatasetSample.Bitmap(64, 64));

        ToolResult run = await ToolResult.InvokeAsync("predict", Model, image, "--out", _sample.PathOf("out"), option, value);

        run.AssertUsageError(option, $"not '{value}'");
    }

    [Fact]
    public async Task Inputs_are_not_overwritten()
    {
        string image = _sample.Write("one.png", DatasetSample.Bitmap(64, 64));

        ToolResult run = await ToolResult.InvokeAsync("predict", Model, image, "--out", _sample.Path);

        run.AssertUserError("overwritten");
        Assert.Equal(DatasetSample.Bitmap(64, 64), File.ReadAllBytes(image));
    }

    [Fact]
    public async Task An_unwritable_folder_is_reported_before_the_model_is_loaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        string image = _sample.Write("one.bmp", DatasetSample.Bitmap(64, 64));

        ToolResult run = await ToolResult.InvokeAsync("predict", Model, image, "--out", "/proc/focalsharp");

        run.AssertUserError("/proc/focalsharp");
    }

    [Theory]
    [InlineData("absent.safetensors", "absent.safetensors")]
    [InlineData("text.safetensors", "text.safetensors")]
    [InlineData("text.pth", "text.pth")]
    [InlineData("empty", "contains no weights")]
    public async Task A_missing_or_broken_model_is_one_clear_error(string model, string named)
    {
        _sample.Write("text.safetensors", "text instead of weights, more than eight bytes");
        _sample.Write("text.pth", "text instead of weights, more than eight bytes");
        Directory.CreateDirectory(_sample.PathOf("empty"));
        string image = _sample.Write("one.bmp", DatasetSample.Bitmap(64, 64));

        ToolResult run = await ToolResult.InvokeAsync("predict", _sample.PathOf(model), image, "--out", _sample.PathOf("out"));

        run.AssertUserError(named);
    }

    public void Dispose() => _sample.Dispose();
}
