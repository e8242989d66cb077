using System.Text.Json;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

/// <summary>How candidates become detections.</summary>
public sealed class BoxOptionsTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    public static TheoryData<string> Options => ["--nms voting", "--nms soft:0.5", "--nms fusion", "--rescore", "--flip", "--scales 0.8,1.25"];

    [Theory]
    [MemberData(nameof(Options))]
    public async Task An_option_changes_what_weights_detect(string options)
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        JsonElement plain = await PredictAsync(["--weights", model]);
        JsonElement other = await PredictAsync(["--weights", model, .. options.Split(' ')]);
        Assert.True(other.GetArrayLength() > 0);
        Assert.NotEqual(plain.GetRawText(), other.GetRawText());
    }

    [Fact]
    public async Task Official_NMS_is_the_default()
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        Assert.Equal((await PredictAsync(["--weights", model])).GetRawText(), (await PredictAsync(["--weights", model, "--nms", "official:0.6"])).GetRawText());
    }

    [Fact]
    public async Task A_model_fused_with_itself_agrees_with_itself()
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        JsonElement fused = await PredictAsync(["--weights", model, "--weights", model]);
        Assert.All(fused.EnumerateArray(), detection => Assert.Equal(5, detection.GetProperty("disagreement_px").EnumerateObject().Count() + 1));
        ToolResult run = await ToolResult.InvokeAsync("eval", "--weights", model, "--weights", model, _sample.Labeled(), "--flip");
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Fact]
    public async Task A_graph_with_NMS_names_the_way_out()
    {
        string model = TinyModel.SaveOnnx(_sample.PathOf("tiny.onnx"));
        ToolResult run = await ToolResult.InvokeAsync("predict", model, _sample.Write("a.bmp", DatasetSample.Bitmap(64, 64)), "--nms", "voting", "--no-images", "--json", "-");
        run.AssertUserError("official NMS", "raw");
    }

    [Theory]
    [InlineData("--nms", "hard")]
    [InlineData("--nms", "voting:2")]
    [InlineData("--nms", "0.5:0.6")]
    [InlineData("--scales", "0.1")]
    [InlineData("--scales", "a")]
    public async Task Wrong_values_are_usage_errors(string option, string value) =>
        (await ToolResult.InvokeAsync("predict", "model", "a.jpg", option, value)).AssertUsageError(option, value);

    public void Dispose() => _sample.Dispose();

    private async Task<JsonElement> PredictAsync(string[] arguments)
    {
        string image = _sample.Write("a.bmp", DatasetSample.Shaded(96, 80, (x, y) => ((x * 5) + (y * 3)) % 256));
        string json = _sample.PathOf("predictions.json");
        ToolResult run = await ToolResult.InvokeAsync(["predict", .. arguments, image, "--no-images", "--threshold", "0.1", "--json", json]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("images")[0].GetProperty("detections");
    }
}
