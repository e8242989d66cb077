using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Models.Catalog;

namespace FocalSharp.Cli.Tests;

public sealed class ModelsTests : IDisposable
{
    private const string NotCached = "gfl-r50-1x-coco";
    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task The_list_contains_license_and_score_of_every_model()
    {
        ToolResult run = await ToolResult.InvokeAsync("models");

        Assert.Equal(0, run.ExitCode);
        foreach (ModelEntry entry in ModelCatalog.Entries)
        {
            string row = Assert.Single(run.Output.Split('\n'), line => line.TrimStart().StartsWith(entry.Name + " ", StringComparison.Ordinal));
            Assert.Contains(entry.License, row, StringComparison.Ordinal);
            string score = entry.Figures is { } figures ? string.Create(CultureInfo.InvariantCulture, $"AP {figures.AP:0.0} ") : entry.PublishedScore;
            Assert.Contains(score, row, StringComparison.Ordinal);
        }

        Assert.Contains("focalsharp models pull NAME", run.Output, StringComparison.Ordinal);
        Assert.Contains(TestCache.Path, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_as_json_is_the_only_output_on_stdout()
    {
        ToolResult run = await ToolResult.InvokeAsync("models", "--json", "-");

        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(
            ModelCatalog.Entries.Select(entry => entry.Name),
            json.RootElement.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()!));
    }

    [Theory]
    [InlineData("models pull nanodet", "Did you mean 'nanodet-g-coco'?")]
    [InlineData("models path " + NotCached, "focalsharp models pull " + NotCached)]
    [InlineData("models remove resnet5-imagenet", "Did you mean 'resnet50-imagenet'?")]
    [InlineData("models pull resnet18-imagenet --from nowhere-at-all", "no such file or folder")]
    [InlineData("predict " + NotCached + " IMAGE", "focalsharp models pull " + NotCached)]
    [InlineData("predict --weights " + NotCached + " IMAGE", "focalsharp models pull " + NotCached)]
    [InlineData("predict --weights gfl-r50-1x-cocoa IMAGE", "Did you mean 'gfl-r50-1x-coco'?")]
    [InlineData("eval --weights " + NotCached + " DATA", "focalsharp models pull " + NotCached)]
    [InlineData("info --weights " + NotCached, "focalsharp models pull " + NotCached)]
    [InlineData("info " + NotCached, "focalsharp models pull " + NotCached)]
    [InlineData("import " + NotCached, "focalsharp models pull " + NotCached)]
    [InlineData("train DATA --weights " + NotCached + " --out OUT", "focalsharp models pull " + NotCached)]
    public async Task An_unknown_or_missing_model_suggests_the_next_step(string line, string expectedText)
    {
        string image = _sample.Write("one.bmp", DatasetSample.Bitmap(64, 64));
        string[] args = [.. line.Split(' ').Select(word => word switch
        {
            "IMAGE" => image,
            "DATA" => _sample.Yolo(),
            "OUT" => _sample.PathOf("run"),
            _ => word,
        })];

        ToolResult run = await ToolResult.InvokeAsync(args);

        run.AssertUserError(expectedText);
    }

    [Fact]
    public async Task A_rejected_file_is_one_clear_error_and_is_not_saved()
    {
        _sample.Write("resnet18-f37072fd.pth", "not weights");

        ToolResult run = await ToolResult.InvokeAsync("models", "pull", "resnet18-imagenet", "--from", _sample.Path);

        run.AssertUserError("not what was published", "f37072fd");
        Assert.False(Directory.Exists(Path.Combine(TestCache.Path, "models", "resnet18-imagenet")));
    }

    [Fact]
    public async Task A_cached_models_name_works_like_a_file()
    {
        // A tiny detector takes the place of the published file in the cache, with a receipt.
        ModelEntry entry = ModelCatalog.Entries.Single(one => one.Name == "nanodet-g-coco");
        string folder = Path.Combine(TestCache.Path, "models", entry.Name);
        Directory.CreateDirectory(folder);
        string weights = TinyModel.Save(Path.Combine(folder, entry.FileName));
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(weights)));
        File.WriteAllText(Path.Combine(folder, "receipt.json"), $$"""
            {"format":1,"name":"{{entry.Name}}","bytes":{{new FileInfo(weights).Length}},"sha256":"{{hash}}","origin":"a test","license":"none","sources":[]}
            """);
        string image = _sample.Write("one.bmp", DatasetSample.Bitmap(64, 64));
        string yolo = _sample.Yolo();
        string[][] lines =
        [
            ["predict", entry.Name, image, "--out", _sample.PathOf("a")],
            ["predict", "--weights", entry.Name, image, "--out", _sample.PathOf("b"), "--precision", "bf16", "--device", "cpu"],
            ["eval", entry.Name, yolo, "--split", "train"],
            ["eval", "--weights", entry.Name, yolo, "--split", "train", "--precision", "auto"],
            ["info", entry.Name],
            ["import", entry.Name, "--out", _sample.PathOf("mine.safetensors")],
            ["models", "path", entry.Name],
            ["models", "pull", entry.Name],
        ];

        foreach (string[] line in lines)
        {
            ToolResult run = await ToolResult.InvokeAsync(line);
            Assert.True(run.ExitCode == 0, $"{string.Join(' ', line)}: {run.Output}\n{run.Error}");
        }

        Assert.Equal(weights + "\n", (await ToolResult.InvokeAsync("models", "path", entry.Name)).Output);
        Assert.Contains("yes", (await ToolResult.InvokeAsync("models")).Output, StringComparison.Ordinal);

        using (FileStream file = new(weights, FileMode.Open))
        {
            file.Seek(-1, SeekOrigin.End);
            int last = file.ReadByte();
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte((byte)(last ^ 1));
        }

        (await ToolResult.InvokeAsync("predict", entry.Name, image, "--out", _sample.PathOf("c"))).AssertUserError("was changed since it was downloaded");
        Assert.Equal(0, (await ToolResult.InvokeAsync("models", "remove", entry.Name)).ExitCode);
        Assert.False(File.Exists(weights));
    }

    [Theory]
    [InlineData("predict --weights m", "INPUTS is missing")]
    [InlineData("predict m", "INPUTS is missing")]
    [InlineData("predict", "MODEL is missing")]
    [InlineData("eval --weights m", "Give a model and a data set")]
    [InlineData("eval --weights m a b", "Unexpected argument 'b'")]
    [InlineData("info --weights m a", "Unexpected argument 'a'")]
    [InlineData("models pull", "NAME is missing")]
    [InlineData("models pul x", "There is no command 'pul'. Did you mean 'pull'?")]
    public async Task Wrong_command_lines_are_one_usage_error(string line, string expectedText)
    {
        ToolResult run = await ToolResult.InvokeAsync(line.Split(' '));

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(expectedText, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("cuda:99")]
    public async Task A_missing_device_is_one_clear_error(string device)
    {
        string image = _sample.Write("one.bmp", DatasetSample.Bitmap(64, 64));

        ToolResult run = await ToolResult.InvokeAsync(
            "predict", TinyModel.Save(_sample.PathOf("tiny.safetensors")), image, "--out", _sample.PathOf("out"), "--device", device);

        run.AssertUserError("The device", device);
    }

    [Fact]
    public async Task Predict_prints_the_annotated_image_and_the_next_steps()
    {
        string image = _sample.Write("one.bmp", DatasetSample.Bitmap(64, 64));

        ToolResult run = await ToolResult.InvokeAsync("predict", TinyModel.Save(_sample.PathOf("tiny.safetensors")), image, "--out", _sample.PathOf("out"));

        Assert.Contains($"Annotated image: {_sample.PathOf("out", "one.png")}", run.Output, StringComparison.Ordinal);
        Assert.Contains("Next steps:", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _sample.Dispose();
}
