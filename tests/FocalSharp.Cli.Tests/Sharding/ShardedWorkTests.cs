using System.Text.Json.Nodes;
using FocalSharp.Cli.Sharding;
using FocalSharp.Cli.Terminal;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Cli.Tests.Sharding;

/// <summary><c>--shard</c> of <c>eval</c>, <c>data check</c> and <c>select</c>: parts by several processes give the result of one.</summary>
public sealed class ShardedWorkTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task Evaluated_parts_in_any_order_give_the_metrics_of_one_process()
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        string data = _sample.Labeled();
        _sample.Write("yolo/images/train/broken.bmp", DatasetSample.Bitmap(64, 64, headerOnly: true));
        string[] common = ["eval", model, data, "--split", "all"];
        (JsonObject whole, string wholeResults) = await EvaluateAsync("whole", common);

        foreach (int part in new[] { 2, 0, 2, 3 })
        {
            ToolResult run = await ToolResult.InvokeAsync([.. common, .. Outputs("parts"), "--shard", $"{part}/4", "--parts", _sample.PathOf("shared")]);
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.Contains("parts ", run.Output, StringComparison.Ordinal);
            Assert.False(File.Exists(_sample.PathOf("parts.json")));
        }

        (JsonObject merged, string mergedResults) = await EvaluateAsync("parts", [.. common, "--shard", "1/4", "--parts", _sample.PathOf("shared")]);

        // A network's outputs may differ in the last bit with the batch, and the images at the ends of a part are in other batches.
        Assert.Equal(RoundScores(wholeResults), RoundScores(mergedResults));
        Assert.Equal(Round(whole), Round(merged));
        Assert.Contains("broken.bmp", whole.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_is_processed_again_if_the_model_or_an_image_of_it_changed()
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        string data = _sample.Labeled();
        string[] command = ["eval", model, data, "--split", "all", "--shard", "0/2", "--parts", _sample.PathOf("shared")];
        Assert.Contains("1 of 2 parts is finished", (await ToolResult.InvokeAsync(command)).Output, StringComparison.Ordinal);
        Assert.Contains("is finished already", await RunAsync(command), StringComparison.Ordinal);

        string image = Directory.EnumerateFiles(_sample.PathOf("yolo", "images", "train")).Order(StringComparer.Ordinal).First();
        File.SetLastWriteTimeUtc(image, File.GetLastWriteTimeUtc(image).AddMinutes(1));
        Assert.DoesNotContain("is finished already", await RunAsync(command), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_sample.PathOf("shared")));

        byte[] bytes = File.ReadAllBytes(model);
        bytes[^1] ^= 1; // other weights of the same length
        File.WriteAllBytes(model, bytes);
        Assert.DoesNotContain("is finished already", await RunAsync(command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_part_is_one_clear_error()
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        string[] command = ["eval", model, _sample.Labeled(), "--split", "all", "--parts", _sample.PathOf("shared"), "--shard"];
        await RunAsync([.. command, "0/2"]);
        string part = Assert.Single(Directory.GetFiles(_sample.PathOf("shared")));
        File.WriteAllText(part, File.ReadAllText(part)[..100]);

        ToolResult run = await ToolResult.InvokeAsync([.. command, "1/2"]);

        run.AssertUserError(part, "Remove it and process this part again");
    }

    [Fact]
    public async Task A_data_set_checked_in_parts_has_the_report_of_one_process()
    {
        string data = _sample.Labeled(); // three equal images
        _sample.Write("yolo/images/train/broken.bmp", "no image");
        string[] common = ["data", "check", data, "--json"];
        ToolResult whole = await ToolResult.InvokeAsync([.. common, _sample.PathOf("whole.json")]);

        foreach (int part in new[] { 1, 2 })
        {
            Assert.Contains("finished", await RunAsync([.. common, _sample.PathOf("parts.json"), "--shard", $"{part}/3", "--parts", _sample.PathOf("shared")]), StringComparison.Ordinal);
        }

        ToolResult last = await ToolResult.InvokeAsync([.. common, _sample.PathOf("parts.json"), "--shard", "0/3", "--parts", _sample.PathOf("shared")]);

        Assert.Equal(whole.ExitCode, last.ExitCode);
        Assert.Equal(File.ReadAllText(_sample.PathOf("whole.json")), File.ReadAllText(_sample.PathOf("parts.json")));
    }

    [Fact]
    public void Every_value_of_a_fingerprint_is_read_back()
    {
        ImageFingerprint print = new()
        {
            Content = UInt128.MaxValue - 3,
            Hash = ulong.MaxValue - 1,
            MirroredHash = 7,
            Thumbnail = [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
            MeanColor = (0.1f, 254.7f, 3),
            Contrast = 1 / 3.0,
            BitsPerSample = 16,
            BitsUsed = 12,
            PageCount = 3,
            DecodeError = "why",
        };
        WorkParts parts = new(_sample.PathOf("shared"), new Shard(0, 1), ["a.tif"], []);

        FingerprintPart part = Assert.Single(PartFile.Process(parts, 1, ConsoleUi.ForWriters(TextWriter.Null, TextWriter.Null), () => new FingerprintPart([print]))!);

        ImageFingerprint read = Assert.Single(part.Images);
        Assert.Equal(print.Thumbnail, read.Thumbnail);
        Assert.Equal(print, read with { Thumbnail = print.Thumbnail });
    }

    [Fact]
    public async Task Images_selected_in_parts_are_those_of_one_process()
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        for (int i = 0; i < 6; i++)
        {
            int seed = i;
            _sample.Write($"pool/{i}.bmp", DatasetSample.Shaded(96, 64, (x, y) => ((x * (seed + 1)) + (y * (9 - seed))) % 256));
        }

        _sample.Write("pool/bad.jpg", "no image");
        string[] common = ["select", model, _sample.PathOf("pool"), "--budget", "3", "--out"];
        await ToolResult.InvokeAsync([.. common, _sample.PathOf("whole")]);

        foreach (int part in new[] { 3, 1, 0 })
        {
            ToolResult run = await ToolResult.InvokeAsync([.. common, _sample.PathOf("next"), "--shard", $"{part}/4"]);
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.False(File.Exists(_sample.PathOf("next", "selected.txt")));
        }

        ToolResult last = await ToolResult.InvokeAsync([.. common, _sample.PathOf("next"), "--shard", "2/4"]);

        Assert.Contains("bad.jpg", last.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_sample.PathOf("whole", "selected.json")), File.ReadAllText(_sample.PathOf("next", "selected.json")));
        ToolResult again = await ToolResult.InvokeAsync([.. common, _sample.PathOf("next"), "--shard", "2/4"]);
        Assert.Contains("the images are selected", again.Output + again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--shard shares out images", "eval", "--gt", "a.json", "--dt", "b.json", "--shard", "0/2")]
    [InlineData("--fast and --shard exclude each other", "data", "check", "folder", "--fast", "--shard", "0/2")]
    public async Task Options_that_leave_nothing_to_share_out_are_refused(string message, params string[] command) =>
        (await ToolResult.InvokeAsync(command)).AssertUsageError(message);

    private static async Task<string> RunAsync(string[] command)
    {
        ToolResult run = await ToolResult.InvokeAsync(command);
        return run.Output + run.Error;
    }

    private async Task<(JsonObject Metrics, string Results)> EvaluateAsync(string name, string[] command)
    {
        ToolResult run = await ToolResult.InvokeAsync([.. command, .. Outputs(name)]);
        Assert.True(run.ExitCode == 0, run.Error);
        JsonObject metrics = JsonNode.Parse(File.ReadAllText(_sample.PathOf(name + ".json")))!.AsObject();
        foreach (string varying in new[] { "seconds", "images_per_second", "command" })
        {
            metrics.Remove(varying);
        }

        return (metrics, File.ReadAllText(_sample.PathOf(name + "-results.json")));
    }

    private static string Round(JsonNode? node) => node switch
    {
        JsonObject group => string.Join('\n', group.Select(pair => $"{pair.Key}: {Round(pair.Value)}")),
        JsonArray list => string.Join('\n', list.Select(Round)),
        JsonValue value when value.TryGetValue(out double number) => $"{number:F3}",
        _ => $"{node}",
    };

    private static string RoundScores(string results) => string.Join('\n', JsonNode.Parse(results)!.AsArray().Select(one =>
        $"{one!["image_id"]} {one["category_id"]} {string.Join(' ', one["bbox"]!.AsArray().Select(value => $"{(double)value!:F2}"))} {(double)one["score"]!:F4}"));

    private string[] Outputs(string name) => ["--json", _sample.PathOf(name + ".json"), "--save-results", _sample.PathOf(name + "-results.json")];
}
