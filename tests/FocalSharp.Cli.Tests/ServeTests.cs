using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Cli.Tests;

public sealed class ServeTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task The_served_export_returns_the_detections_of_predict()
    {
        string weights = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        string onnx = TinyModel.SaveOnnx(_sample.PathOf("tiny.onnx"));
        string[] images = [Picture("wide.png", 150, 90, 1), Picture("tall.png", 60, 130, 2), Picture("small.png", 33, 40, 3)];
        ToolResult predicted = await ToolResult.InvokeAsync(["predict", weights, .. images, "--no-images", "--threshold", "0.2", "--json", _sample.PathOf("found.json")]);
        Assert.True(predicted.ExitCode == 0, predicted.Error);
        JsonElement[] expected = [.. JsonDocument.Parse(File.ReadAllText(_sample.PathOf("found.json"))).RootElement.GetProperty("images").EnumerateArray()];

        using RunningCommand tool = new("serve", onnx, "--port", "0", "--threshold", "0.2");
        using HttpClient client = new() { BaseAddress = await tool.AddressAsync() };
        HttpResponseMessage[] answers = await Task.WhenAll(images.Select(image => client.PostAsync("/v1/detect", Body(image))));

        for (int i = 0; i < images.Length; i++)
        {
            Assert.Equal(HttpStatusCode.OK, answers[i].StatusCode);
            AssertSame(expected[i], JsonDocument.Parse(await answers[i].Content.ReadAsStringAsync()).RootElement);
        }

        Assert.Contains("focalsharp_detector_images_total{", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, await tool.StopAsync());
        Assert.Contains("All requests are completed.", tool.Output, StringComparison.Ordinal);
    }

    // The log of the web server goes to the process's stderr.
    [Theory]
    [InlineData("serve")]
    [InlineData("explore")]
    public async Task A_port_in_use_is_one_line(string command)
    {
        using System.Net.Sockets.TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string port = $"{((IPEndPoint)taken.LocalEndpoint).Port}";
        string model = TinyModel.SaveOnnx(_sample.PathOf("tiny.onnx"));
        TextWriter error = Console.Error;
        using StringWriter log = new();
        Console.SetError(log);
        try
        {
            ToolResult run = await ToolResult.InvokeAsync(command, model, "--port", port);
            run.AssertUserError($"Cannot listen on 127.0.0.1:{port}", "Choose another port");
        }
        finally
        {
            Console.SetError(error);
        }

        Assert.DoesNotContain("   at ", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listens_on_loopback_by_default_and_warns_otherwise()
    {
        string onnx = TinyModel.SaveOnnx(_sample.PathOf("tiny.onnx"));
        using RunningCommand local = new("serve", onnx, "--port", "0");
        Assert.Equal("127.0.0.1", (await local.AddressAsync()).Host);
        Assert.DoesNotContain("warning", local.Output, StringComparison.Ordinal);

        using RunningCommand open = new("serve", onnx, "--port", "0", "--host", "*");
        await open.AddressAsync();
        Assert.Contains("warning: Listening on 0.0.0.0 without an API key", open.Output, StringComparison.Ordinal);

        using RunningCommand guarded = new("serve", onnx, "--port", "0", "--host", "*", "--api-key-file", _sample.Write("keys", "0123456789abcdef01\n"));
        using HttpClient client = new() { BaseAddress = await guarded.AddressAsync() };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/model")).StatusCode);
        client.DefaultRequestHeaders.Add("X-Api-Key", "0123456789abcdef01");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/model")).StatusCode);
    }

    [Fact]
    public async Task Served_weights_return_the_detections_of_predict()
    {
        string weights = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        string image = Picture("wide.png", 150, 90, 1);
        ToolResult predicted = await ToolResult.InvokeAsync("predict", weights, image, "--no-images", "--threshold", "0.2", "--json", _sample.PathOf("found.json"));
        Assert.True(predicted.ExitCode == 0, predicted.Error);

        using RunningCommand tool = new("serve", weights, "--port", "0", "--threshold", "0.2");
        using HttpClient client = new() { BaseAddress = await tool.AddressAsync() };
        HttpResponseMessage response = await client.PostAsync("/v1/detect", Body(image));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertSame(
            JsonDocument.Parse(File.ReadAllText(_sample.PathOf("found.json"))).RootElement.GetProperty("images")[0],
            JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_changed_file_is_loaded_and_a_broken_one_is_not()
    {
        string onnx = TinyModel.SaveOnnx(_sample.PathOf("tiny.onnx"));
        byte[] model = File.ReadAllBytes(onnx);
        using RunningCommand tool = new("serve", onnx, "--port", "0", "--reload");
        using HttpClient client = new() { BaseAddress = await tool.AddressAsync() };

        File.WriteAllText(onnx, "not a model");
        await tool.WaitForAsync("stays in use");
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/v1/detect", Body(Picture("wide.png", 150, 90, 1)))).StatusCode);
        File.WriteAllBytes(onnx, model);
        await tool.WaitForAsync("Reloaded");

        Assert.Equal(ExitCodes.Success, await tool.StopAsync());
    }

    [Fact]
    public async Task Weights_cannot_be_reloaded() =>
        (await ToolResult.InvokeAsync("serve", TinyModel.Save(_sample.PathOf("tiny.safetensors")), "--reload")).AssertUserError("weights are not reloaded", "--reload");

    [Fact]
    public async Task A_model_that_cannot_be_loaded_is_reported()
    {
        (await ToolResult.InvokeAsync("serve", _sample.PathOf("absent.onnx"))).AssertUserError("absent.onnx");
        (await ToolResult.InvokeAsync("serve", _sample.Write("text.onnx", "not a model"))).AssertUserError("text.onnx");
    }

    [Theory]
    [InlineData("--port", "70000")]
    [InlineData("--batch", "0")]
    [InlineData("--max-megabytes", "0")]
    [InlineData("--max-megapixels", "-1")]
    [InlineData("--timeout", "0")]
    [InlineData("--timeout", "NaN")]
    public async Task A_setting_out_of_range_is_a_usage_error(string option, string value) =>
        (await ToolResult.InvokeAsync("serve", "absent.onnx", option, value)).AssertUsageError(option, $"not '{value}'");

    [Theory]
    [InlineData("--host", "example.com", "example.com")]
    [InlineData("--queue", "3", "QueueLimit 3")]
    [InlineData("--api-key-file", "/nowhere/keys", "/nowhere/keys")]
    public async Task A_setting_that_cannot_be_used_is_reported_before_the_model_is_loaded(string option, string value, string expected) =>
        (await ToolResult.InvokeAsync("serve", "absent.onnx", option, value)).AssertUserError(expected);

    public void Dispose() => _sample.Dispose();

    private static void AssertSame(JsonElement expected, JsonElement found)
    {
        JsonElement[] expectedDetections = [.. expected.GetProperty("detections").EnumerateArray()];
        List<JsonElement> candidates = [.. found.GetProperty("detections").EnumerateArray()];
        Assert.NotEmpty(expectedDetections);
        Assert.Equal(expectedDetections.Length, candidates.Count);
        foreach (JsonElement detection in expectedDetections)
        {
            int match = candidates.FindIndex(candidate => Differs(detection, candidate) is null);
            Assert.True(match >= 0, $"no match for {detection}");
            candidates.RemoveAt(match);
        }
    }

    // Torch and ONNX Runtime add in different orders; export promises 0.1 px and 1e-4 of score.
    private static string? Differs(JsonElement a, JsonElement b) =>
        a.GetProperty("label").GetInt32() != b.GetProperty("label").GetInt32() ? "label"
        : Math.Abs(a.GetProperty("score").GetDouble() - b.GetProperty("score").GetDouble()) > 1.2e-4 ? "score"
        : new[] { "x1", "y1", "x2", "y2" }.FirstOrDefault(side => Difference(a, b, "box", side) > 0.11)
            ?? new[] { "left", "top", "right", "bottom" }.FirstOrDefault(side => Difference(a, b, "deviation_px", side) > 0.11);

    private static double Difference(JsonElement a, JsonElement b, string group, string side) =>
        Math.Abs(a.GetProperty(group).GetProperty(side).GetDouble() - b.GetProperty(group).GetProperty(side).GetDouble());

    private static ByteArrayContent Body(string file)
    {
        ByteArrayContent body = new(File.ReadAllBytes(file));
        body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return body;
    }

    private string Picture(string name, int width, int height, int seed)
    {
        RgbImage image = new(width, height);
        new Random(seed).NextBytes(image.Pixels);
        ImageEncoder.SavePng(image, _sample.PathOf(name));
        return _sample.PathOf(name);
    }
}
