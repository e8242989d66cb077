using System.Text.Json;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

/// <summary>Tests the commands that take weights and ONNX files alike.</summary>
public sealed class OnnxModelTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    private string Weights => TinyModel.Save(_sample.PathOf("tiny.safetensors"));

    private string Onnx => TinyModel.SaveOnnx(_sample.PathOf("tiny.onnx"));

    [Theory]
    [InlineData]
    [InlineData("--size", "64")]
    [InlineData("--tiles", "48", "--overlap", "0.3")]
    public async Task Predict_returns_the_same_detections(params string[] options)
    {
        string image = _sample.Write("one.bmp", DatasetSample.Shaded(120, 80, (x, y) => x + y));
        JsonElement[] expected = await PredictAsync(Weights, image, options);

        JsonElement[] actual = await PredictAsync(Onnx, image, options);

        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(Score(expected[0]), Score(actual[0]), 1e-4);
        Assert.Equal(Left(expected[0]), Left(actual[0]), 0.11);
    }

    [Fact]
    public async Task Eval_returns_the_same_metrics_and_writes_a_report()
    {
        string data = _sample.Labeled();
        string page = _sample.PathOf("page.html");
        double expected = await EvaluateAsync(Weights, data);

        double actual = await EvaluateAsync(Onnx, data, "--report", page);

        Assert.Equal(expected, actual, 1e-3);
        Assert.Contains("tiny.onnx on ", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_evaluates_a_model_on_a_data_set()
    {
        string onnx = Onnx;

        ToolResult run = await ToolResult.InvokeAsync("report", onnx, _sample.Labeled());

        Assert.True(run.ExitCode == 0, run.Error);
        string page = File.ReadAllText(_sample.PathOf("tiny.html"));
        Assert.Contains("tiny.onnx on ", page, StringComparison.Ordinal);

        // Its numbers open their images in an explorer that is started on both.
        Assert.Contains("href=\"http://127.0.0.1:5750/detections?model=tiny.onnx&amp;class=", page, StringComparison.Ordinal);
        Assert.Contains($"focalsharp explore {onnx} --data ", page, StringComparison.Ordinal);
        (await ToolResult.InvokeAsync("report", onnx)).AssertUserError("Pass the data set");
    }

    [Fact]
    public async Task Info_describes_an_onnx_file()
    {
        ToolResult run = await ToolResult.InvokeAsync("info", Onnx);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("2: cat, dog", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"outputs\s+detections", run.Output);
    }

    [Fact]
    public async Task A_precision_that_the_file_does_not_have_is_one_clear_error()
    {
        string image = _sample.Write("one.bmp", DatasetSample.Bitmap(64, 64));

        (await ToolResult.InvokeAsync("predict", Onnx, image, "--no-images", "--json", "-", "--precision", "bf16")).AssertUserError("tiny.onnx", "precision");
    }

    public void Dispose() => _sample.Dispose();

    private static double Score(JsonElement detection) => detection.GetProperty("score").GetDouble();

    private static double Left(JsonElement detection) => detection.GetProperty("box").GetProperty("x1").GetDouble();

    private static async Task<JsonElement[]> PredictAsync(string model, string image, string[] options)
    {
        ToolResult run = await ToolResult.InvokeAsync(["predict", "--weights", model, image, "--no-images", "--json", "-", "--threshold", "0.2", .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        return [.. JsonDocument.Parse(run.Output).RootElement.GetProperty("images")[0].GetProperty("detections").EnumerateArray()];
    }

    private static async Task<double> EvaluateAsync(string model, string data, params string[] options)
    {
        ToolResult run = await ToolResult.InvokeAsync(["eval", model, data, "--split", "train", "--json", "-", .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement.GetProperty("AP").GetDouble();
    }
}
