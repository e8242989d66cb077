using FocalSharp.Cli.Tests.Support;
using FocalSharp.Torch.Checkpoints;

namespace FocalSharp.Cli.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task Goes_to_mmdetection_and_back_without_losing_a_tensor()
    {
        string ours = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        string theirs = _sample.PathOf("theirs.safetensors");
        string back = _sample.PathOf("back.safetensors");

        ToolResult there = await ToolResult.InvokeAsync("import", ours, "--names", "mmdet", "--out", theirs);
        ToolResult home = await ToolResult.InvokeAsync("import", theirs, "--out", back);

        Assert.True(there.ExitCode == 0, there.Error);
        Assert.True(home.ExitCode == 0, home.Error);
        Assert.Contains("tensors loaded", home.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("missing", home.Error, StringComparison.Ordinal);
        Assert.Equal(["cat", "dog"], DetectorCheckpoint.ReadOptions(back).Classes);
    }

    [Fact]
    public async Task Never_overwrites_its_source()
    {
        string ours = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        byte[] before = File.ReadAllBytes(ours);

        ToolResult run = await ToolResult.InvokeAsync("import", ours);

        run.AssertUserError("--out");
        Assert.Equal(before, File.ReadAllBytes(ours));
    }

    [Theory]
    [InlineData("<html>not found</html>", "web page")]
    [InlineData("words", "neither")]
    [InlineData("", "empty.pth")]
    public async Task What_is_no_checkpoint_is_one_clear_error(string content, string expectedText)
    {
        string file = _sample.Write("empty.pth", content);

        ToolResult run = await ToolResult.InvokeAsync("import", file);

        run.AssertUserError(expectedText);
        Assert.False(File.Exists(_sample.PathOf("empty.safetensors")));
    }

    [Fact]
    public async Task A_missing_file_is_one_clear_error() => (await ToolResult.InvokeAsync("import", _sample.PathOf("absent.pth"))).AssertUserError("absent.pth");

    [Fact]
    [Trait(GoldenData.Trait, GoldenData.Golden)]
    public async Task Reads_the_official_checkpoints()
    {
        string folder = GoldenData.Require("checkpoint");
        foreach (string file in Directory.EnumerateFiles(folder, "published*.pth").Order(StringComparer.Ordinal))
        {
            string target = _sample.PathOf(Path.GetFileName(file) + ".safetensors");

            ToolResult run = await ToolResult.InvokeAsync("import", file, "--out", target);

            Assert.True(run.ExitCode == 0, $"{file}: {run.Error}");
            Assert.NotEmpty(DetectorCheckpoint.ReadOptions(target).Classes);
        }
    }

    public void Dispose() => _sample.Dispose();
}
