using System.Globalization;
using System.Text;
using System.Text.Json;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Models;
using FocalSharp.Runtime;

namespace FocalSharp.Cli.Tests;

/// <summary>Models with random weights, on images whose labels are the model's own best boxes, a little moved.</summary>
public sealed class CalibrateTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    public static TheoryData<string> Kinds => ["tiny.safetensors", "tiny.onnx"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_calibration_is_stored_applied_and_removed(string kind)
    {
        string model = Save(kind);
        string data = await LabelAsync(model);
        byte[] original = File.ReadAllBytes(model);
        JsonElement before = await PredictAsync(model, data);

        ToolResult run = await ToolResult.InvokeAsync("calibrate", model, data, "--split", "all", "--json", _sample.PathOf("calibration.json"));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("D-ECE", run.Output, StringComparison.Ordinal);
        JsonElement after = await PredictAsync(model, data);
        JsonElement first = after.GetProperty("images")[0].GetProperty("detections")[0];
        double[] left = [.. first.GetProperty("interval90").GetProperty("left").EnumerateArray().Select(value => value.GetDouble())];
        Assert.InRange(first.GetProperty("box").GetProperty("x1").GetDouble(), left[0], left[1]);
        Assert.True(first.GetProperty("interval90").GetProperty("outer").GetProperty("x1").GetDouble() <= left[0]);
        Assert.False(before.GetProperty("images")[0].GetProperty("detections")[0].TryGetProperty("interval90", out _));

        run = await ToolResult.InvokeAsync("eval", model, data, "--split", "all", "--json", _sample.PathOf("scores.json"));
        Assert.Contains("Calibrated intervals of 90 %", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, JsonDocument.Parse(File.ReadAllText(_sample.PathOf("scores.json"))).RootElement.GetProperty("calibration").GetProperty("intervals").GetArrayLength());

        Assert.Equal(0, (await ToolResult.InvokeAsync("calibrate", model, "--remove")).ExitCode);
        Assert.Equal(before.GetProperty("images").GetRawText(), (await PredictAsync(model, data)).GetProperty("images").GetRawText());
        Assert.Equal(original.Length, File.ReadAllBytes(model).Length);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(model)!, "*.tmp"));
    }

    [Fact]
    public async Task An_exported_model_carries_the_calibration()
    {
        string model = Save("tiny.safetensors");
        string data = await LabelAsync(model);
        Assert.Equal(0, (await ToolResult.InvokeAsync("calibrate", model, data, "--split", "all")).ExitCode);
        string exported = _sample.PathOf("exported.onnx");
        ToolResult run = await ToolResult.InvokeAsync("export", model, "--out", exported);
        Assert.True(run.ExitCode == 0, run.Error);

        using IDetector weights = DetectorLoader.Load(model);
        using IDetector graph = DetectorLoader.Load(exported);
        Assert.True(weights.Model.IsCalibrated && graph.Model.IsCalibrated);
        string image = Directory.GetFiles(Path.Combine(data, "images"))[0];
        DetectOptions options = new() { ScoreThreshold = 0 };
        Assert.Equal(weights.Detect(image, options)[0].GetInterval(0.9)!.Value.Lower.Left, graph.Detect(image, options)[0].GetInterval(0.9)!.Value.Lower.Left, 0.05f);
        Assert.Null(weights.Detect(image, options with { UseCalibration = false })[0].GetInterval(0.9));
    }

    [Fact]
    public async Task Checking_measures_and_changes_nothing()
    {
        string model = Save("tiny.safetensors");
        string data = await LabelAsync(model);
        byte[] original = File.ReadAllBytes(model);

        ToolResult run = await ToolResult.InvokeAsync("calibrate", model, data, "--split", "all", "--check", "3", "--json", _sample.PathOf("check.json"));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(original, File.ReadAllBytes(model));
        JsonElement result = JsonDocument.Parse(File.ReadAllText(_sample.PathOf("check.json"))).RootElement;
        Assert.Equal(3, result.GetProperty("trials").GetInt32());
        Assert.InRange(result.GetProperty("levels")[1].GetProperty("edge").GetProperty("coverage").GetDouble(), 0.5, 1);
    }

    [Fact]
    public async Task Thresholds_become_the_default_of_predict_and_are_removed()
    {
        string model = Save("tiny.safetensors");
        string data = await LabelAsync(model);
        ToolResult run = await ToolResult.InvokeAsync("threshold", model, data, "--recall", "0.5", "--confidence", "0.5", "--split", "all", "--json", _sample.PathOf("t.json"));
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        double[] thresholds = [.. JsonDocument.Parse(File.ReadAllText(_sample.PathOf("t.json"))).RootElement.GetProperty("classes").EnumerateArray().Select(one => one.GetProperty("threshold").GetDouble())];

        JsonElement predicted = await PredictAsync(model, data, threshold: null);

        Assert.Equal(thresholds.Min(), predicted.GetProperty("threshold").GetDouble(), 6);
        string[] classes = ["cat", "dog"];
        Assert.All(
            predicted.GetProperty("images").EnumerateArray().SelectMany(image => image.GetProperty("detections").EnumerateArray()),
            detection => Assert.True(detection.GetProperty("score").GetDouble() >= Math.Round(predicted.GetProperty("class_thresholds").GetProperty(classes[detection.GetProperty("label").GetInt32()]).GetDouble(), 5)));
        Assert.Equal(0, (await ToolResult.InvokeAsync("threshold", model, "--remove")).ExitCode);
        Assert.Equal(DetectOptions.DefaultScoreThreshold, (await PredictAsync(model, data, threshold: null)).GetProperty("threshold").GetDouble());
    }

    [Fact]
    public async Task A_rate_that_the_images_do_not_show_stores_nothing()
    {
        string model = Save("tiny.safetensors");
        string data = await LabelAsync(model);
        byte[] original = File.ReadAllBytes(model);
        ToolResult run = await ToolResult.InvokeAsync("threshold", model, data, "--recall", "0.999", "--confidence", "0.99", "--split", "all");
        run.AssertUserError("do not show", "0.999");
        Assert.Equal(original, File.ReadAllBytes(model));
    }

    [Fact]
    public async Task A_checkpoint_of_another_framework_cannot_be_calibrated() =>
        (await ToolResult.InvokeAsync("calibrate", _sample.Write("x.pth", "no model"), _sample.Labeled())).AssertUserError("x.pth", "Import");

    [Fact]
    public async Task Wrong_combinations_are_usage_errors()
    {
        string model = Save("tiny.safetensors");
        (await ToolResult.InvokeAsync("calibrate", model)).AssertUsageError("DATA is missing");
        (await ToolResult.InvokeAsync("calibrate", model, "--remove", "--check", "3")).AssertUsageError("--remove", "--check");
        (await ToolResult.InvokeAsync("threshold", model, "data")).AssertUsageError("--recall");
        (await ToolResult.InvokeAsync("threshold", model, "data", "--recall", "1")).AssertUsageError("above 0 and below 1");
    }

    public void Dispose() => _sample.Dispose();

    private string Save(string kind) => kind.EndsWith(".onnx", StringComparison.Ordinal) ? TinyModel.SaveOnnx(_sample.PathOf(kind)) : TinyModel.Save(_sample.PathOf(kind));

    private async Task<JsonElement> PredictAsync(string model, string data, string? threshold = "0.05")
    {
        string json = _sample.PathOf("predictions.json");
        ToolResult run = await ToolResult.InvokeAsync(["predict", model, Path.Combine(data, "images"), "--no-images", "--json", json, .. threshold is null ? Array.Empty<string>() : ["--threshold", threshold]]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(File.ReadAllText(json)).RootElement;
    }

    // COCO annotations of the best detections of each image, moved by up to 3 px.
    private async Task<string> LabelAsync(string model)
    {
        string folder = _sample.PathOf("data");
        for (int i = 0; i < 6; i++)
        {
            int seed = i;
            _sample.Write($"data/images/{i}.bmp", DatasetSample.Shaded(96, 96, (x, y) => ((x * (seed + 2)) + (y * (7 - seed))) % 256));
        }

        JsonElement predicted = await PredictAsync(model, folder);
        (StringBuilder images, StringBuilder annotations) = (new(), new());
        int id = 1;
        foreach ((JsonElement image, int index) in predicted.GetProperty("images").EnumerateArray().Select((image, index) => (image, index + 1)))
        {
            images.Append(CultureInfo.InvariantCulture, $"{(images.Length > 0 ? "," : "")}{{\"id\":{index},\"file_name\":\"{Path.GetFileName(image.GetProperty("file").GetString())}\",\"width\":96,\"height\":96}}");
            foreach (JsonElement detection in image.GetProperty("detections").EnumerateArray().Take(8))
            {
                JsonElement box = detection.GetProperty("box");
                double[] corners = [.. new[] { "x1", "y1", "x2", "y2" }.Select(name => box.GetProperty(name).GetDouble())];
                double move = ((id * 5) % 7 / 2.0) - 1.5;
                (double x, double y) = (Math.Max(corners[0] + move, 0), Math.Max(corners[1] - move, 0));
                annotations.Append(CultureInfo.InvariantCulture, $"{(annotations.Length > 0 ? "," : "")}{{\"id\":{id++},\"image_id\":{index},\"category_id\":{detection.GetProperty("label").GetInt32() + 1},\"bbox\":[{x},{y},{corners[2] - x},{corners[3] - y}],\"area\":100,\"iscrowd\":0}}");
            }
        }

        _sample.Write("data/annotations.json", $"{{\"images\":[{images}],\"annotations\":[{annotations}],\"categories\":[{{\"id\":1,\"name\":\"cat\"}},{{\"id\":2,\"name\":\"dog\"}}]}}");
        return folder;
    }
}
