using FocalSharp.Cli.Tests.Support;
using FocalSharp.Cli.Verbs;

namespace FocalSharp.Cli.Tests;

public sealed class PredictInputsTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    public PredictInputsTests()
    {
        foreach (string name in new[] { "b.JPG", "a.png", "notes.txt", "deep/c.webp", "deep/er/d.bmp", "odd[1].png" })
        {
            _sample.Write(name, "x");
        }
    }

    [Theory]
    [InlineData("", "a.png b.JPG deep/c.webp deep/er/d.bmp odd[1].png")]
    [InlineData("deep", "deep/c.webp deep/er/d.bmp")]
    [InlineData("a.png", "a.png")]
    [InlineData("notes.txt", "notes.txt")] // a file is taken at its word; decoding will tell
    [InlineData("odd[1].png", "odd[1].png")]
    [InlineData("*.png", "a.png odd[1].png")]
    [InlineData("?.*", "a.png b.JPG")]
    [InlineData("**/*.bmp", "deep/er/d.bmp")]
    [InlineData("**/*.png", "a.png odd[1].png")]
    [InlineData("deep/*", "deep/c.webp")]
    [InlineData("de*/er/?.bmp", "deep/er/d.bmp")]
    public void Files_folders_and_globs(string word, string expected) =>
        Assert.Equal(
            expected.Split(' ').Select(name => Path.GetFullPath(_sample.PathOf(name.Split('/')))),
            PredictInputs.Expand([_sample.PathOf(word)]).Select(Path.GetFullPath));

    [Fact]
    public void A_file_named_twice_is_read_once() =>
        Assert.Single(PredictInputs.Expand([_sample.PathOf("a.png"), _sample.PathOf("a.*"), _sample.PathOf("deep", "..", "a.png")]));

    [Theory]
    [InlineData("absent.png", "there is no such file")]
    [InlineData("*.tiff", "no image matches")]
    [InlineData("absent/*.png", "there is no folder")]
    public void What_names_nothing_is_told(string word, string expected) =>
        Assert.Contains(expected, Assert.Throws<FocalSharpException>(() => PredictInputs.Expand([_sample.PathOf(word)])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_without_images_is_told()
    {
        Directory.CreateDirectory(_sample.PathOf("empty"));

        Assert.Contains("no image in this folder", Assert.Throws<FocalSharpException>(() => PredictInputs.Expand([_sample.PathOf("empty")])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _sample.Dispose();
}
