using System.Text.Json;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Datasets;

namespace FocalSharp.Cli.Tests;

public sealed class SelectTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    public static TheoryData<string> Models => ["tiny.safetensors", "tiny.onnx"];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Selects_lists_draws_and_preannotates(string kind)
    {
        string model = kind.EndsWith(".onnx", StringComparison.Ordinal) ? TinyModel.SaveOnnx(_sample.PathOf(kind)) : TinyModel.Save(_sample.PathOf(kind));
        for (int i = 0; i < 5; i++)
        {
            int seed = i;
            _sample.Write($"pool/{i}.bmp", DatasetSample.Shaded(96, 64, (x, y) => ((x * (seed + 1)) + (y * (9 - seed))) % 256));
        }

        File.Copy(_sample.PathOf("pool", "0.bmp"), _sample.PathOf("pool", "copy.bmp"));
        string folder = _sample.PathOf("next");

        ToolResult run = await ToolResult.InvokeAsync("select", model, _sample.PathOf("pool"), "--budget", "4", "--out", folder, "--to", "voc", "--copy-images");

        Assert.True(run.ExitCode == 0, run.Error);
        string[] selected = File.ReadAllLines(Path.Combine(folder, "selected.txt"));
        Assert.Equal(4, selected.Distinct().Count());
        Assert.False(selected.Any(file => file.EndsWith("/0.bmp", StringComparison.Ordinal)) && selected.Any(file => file.EndsWith("copy.bmp", StringComparison.Ordinal)));
        Assert.True(new FileInfo(Path.Combine(folder, "sheet-01.jpg")).Length > 1000);
        JsonElement list = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "selected.json"))).RootElement;
        Assert.Equal(selected, list.EnumerateArray().Select(one => one.GetProperty("file").GetString()!));
        Assert.True(list[0].GetProperty("criteria").GetProperty("disagreement").GetDouble() > 0);
        Assert.Equal(4, DatasetReader.Read(Path.Combine(folder, "preannotations")).Images.Count);
    }

    [Fact]
    public async Task An_unreadable_image_is_reported_and_left_out()
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        _sample.Write("pool/a.bmp", DatasetSample.Shaded(96, 64, (x, y) => x + y));
        _sample.Write("pool/bad.jpg", "no image");
        ToolResult run = await ToolResult.InvokeAsync("select", model, _sample.PathOf("pool"), "--out", _sample.PathOf("next"));
        Assert.Equal(ExitCodes.UserError, run.ExitCode);
        Assert.Contains("bad.jpg", run.Error, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(_sample.PathOf("next", "selected.txt")));
    }

    [Fact]
    public async Task Missing_images_are_a_usage_error() => (await ToolResult.InvokeAsync("select", "model")).AssertUsageError("IMAGES is missing");

    public void Dispose() => _sample.Dispose();
}
