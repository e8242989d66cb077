using FocalSharp.Cli.Prediction;
using FocalSharp.Cli.Tests.Support;

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
    [InlineData("notes.txt", "notes.txt")] // any file is accepted; decoding reports what is not an image
    [InlineData("odd[1].png", "odd[1].png")]
    [InlineData("*.png", "a.png odd[1].png")]
    [InlineData("?.*", "a.png b.JPG")]
    [InlineData("**/*.bmp", "deep/er/d.bmp")]
    [InlineData("**/*.png", "a.png odd[1].png")]
    [InlineData("deep/*", "deep/c.webp")]
    [InlineData("de*/er/?.bmp", "deep/er/d.bmp")]
    public void Expands_files_folders_and_globs(string input, string expected) =>
        Assert.Equal(
            expected.Split(' ').Select(name => Path.GetFullPath(_sample.PathOf(name.Split('/')))),
            PredictInputs.Expand([_sample.PathOf(input)]).Select(Path.GetFullPath));

    [Fact]
    public void Duplicates_are_removed() =>
        Assert.Single(PredictInputs.Expand([_sample.PathOf("a.png"), _sample.PathOf("a.*"), _sample.PathOf("deep", "..", "a.png")]));

    [Theory]
    [InlineData("absent.png", "no such file")]
    [InlineData("notse.txt", "notes.txt'?")]
    [InlineData("dep", "deep'?")]
    [InlineData("*.tiff", "no image matches")]
    [InlineData("absent/*.png", "the folder")]
    public void An_input_without_images_is_an_error(string input, string expected) =>
        Assert.Contains(expected, Assert.Throws<FileException>(() => PredictInputs.Expand([_sample.PathOf(input)])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_without_images_is_an_error()
    {
        Directory.CreateDirectory(_sample.PathOf("empty"));

        Assert.Contains("contains no images", Assert.Throws<FileException>(() => PredictInputs.Expand([_sample.PathOf("empty")])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("rtsp://camera/stream")]
    [InlineData("https://example.org/clip.mp4")]
    public void Cameras_and_streams_are_named_as_not_read(string input) =>
        Assert.Contains("only images are read", Assert.Throws<FileException>(() => PredictInputs.Expand([input])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_video_is_named_as_such_and_skipped_in_a_folder()
    {
        _sample.Write("clips/clip.mp4", "\0\0\0\u0018ftypmp42\0\0\0\0mp42isom");
        _sample.Write("clips/a.jfif", "x");
        List<string> skipped = [];

        Assert.Contains("is a video", Assert.Throws<FileException>(() => PredictInputs.Expand([_sample.PathOf("clips", "clip.mp4")])).Message, StringComparison.Ordinal);
        Assert.Equal([_sample.PathOf("clips", "a.jfif")], PredictInputs.Expand([_sample.PathOf("clips")], skipped));
        Assert.Equal("Skipped 1 file that is not an image: clip.mp4", PredictInputs.DescribeSkipped(skipped));
    }

    public void Dispose() => _sample.Dispose();
}
