using FocalSharp.Checkpoints;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Runtime;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task Converts_to_mmdetection_names_and_back_without_losing_a_tensor()
    {
        string original = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        string converted = _sample.PathOf("converted.safetensors");
        string back = _sample.PathOf("back.safetensors");

        ToolResult forward = await ToolResult.InvokeAsync("import", original, "--names", "mmdet", "--out", converted);
        ToolResult backward = await ToolResult.InvokeAsync("import", converted, "--out", back);

        Assert.True(forward.ExitCode == 0, forward.Error);
        Assert.True(backward.ExitCode == 0, backward.Error);
        Assert.Contains("tensors loaded", backward.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("missing", backward.Error, StringComparison.Ordinal);
        Assert.Equal(["cat", "dog"], DetectorCheckpoint.ReadOptions(back).Classes);
    }

    [Fact]
    public async Task Does_not_overwrite_its_source()
    {
        string original = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        byte[] before = File.ReadAllBytes(original);

        ToolResult run = await ToolResult.InvokeAsync("import", original);

        run.AssertUserError("--out");
        Assert.Equal(before, File.ReadAllBytes(original));
    }

    [Theory]
    [InlineData("<html>not found</html>", "web page")]
    [InlineData("words", "neither")]
    [InlineData("", "empty.pth")]
    public async Task A_file_that_is_not_a_checkpoint_is_one_clear_error(string content, string expectedText)
    {
        string file = _sample.Write("empty.pth", content);

        ToolResult run = await ToolResult.InvokeAsync("import", file);

        run.AssertUserError(expectedText);
        Assert.False(File.Exists(_sample.PathOf("empty.safetensors")));
    }

    [Theory]
    [InlineData(false, "nanodet-EfficientNet-Lite0_320", "EfficientNet-Lite0", 320)]
    [InlineData(true, "nanodet", "RepVGG-A0", 416)]
    public async Task Recognizes_an_official_NanoDet_and_exports_it(bool repVgg, string name, string backbone, int size)
    {
        LibTorch.EnsureLoaded();
        using TorchSharp.torch.Generator generator = new(5);
        OfficialNanoDet official = repVgg
            ? OfficialNanoDet.CreateRepVgg(generator, deploy: false, classes: 3)
            : OfficialNanoDet.CreateLite(generator, [16, 24, 40, 80, 112, 192, 320], [1, 2, 2, 3, 3, 4, 1], 96, 2, 7, classes: 3);
        string source = _sample.PathOf(name + ".safetensors");
        SafetensorsFile.Write(source, official.ToStateDict("model."));
        string target = _sample.PathOf("imported.safetensors");

        ToolResult import = await ToolResult.InvokeAsync("import", source, "--out", target);
        ToolResult info = await ToolResult.InvokeAsync("info", target);
        ToolResult export = await ToolResult.InvokeAsync("export", target, "--raw", "--images", _sample.Write("a.bmp", DatasetSample.Bitmap(64, 48)));

        Assert.True(import.ExitCode == 0, import.Error);
        Assert.Contains("tensors loaded", import.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("initialized randomly", import.Error + import.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("does not have", import.Error + import.Output, StringComparison.Ordinal);
        Assert.Contains(backbone, info.Output, StringComparison.Ordinal);
        Assert.Equal($"NanoDet-{backbone}", DetectorCheckpoint.ReadMetadata(target)["model"]);
        Assert.True(export.ExitCode == 0, export.Error);
        using Detector detector = Detector.Load(_sample.PathOf("imported.raw.onnx"));
        Assert.Equal((size, size), (detector.Model.Resize.LongSide, detector.Model.Resize.ShortSide));
    }

    [Fact]
    public async Task A_missing_file_is_one_clear_error() => (await ToolResult.InvokeAsync("import", _sample.PathOf("absent.pth"))).AssertUserError("absent.pth");

    [Fact]
    [Trait(GoldenData.Trait, GoldenData.Golden)]
    public async Task Imports_the_official_checkpoints()
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
