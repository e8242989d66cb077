using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Imaging.Tests.Codecs;

public sealed class ImageEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(33, 7)]
    public void Png_is_lossless_at_any_width(int width, int height)
    {
        RgbImage image = TestImages.Noise(width, height);
        using MemoryStream stream = new();
        ImageEncoder.SavePng(image, stream);
        Assert.Equal(image.Pixels, ImageDecoder.Decode(stream.ToArray()).Pixels);
    }

    [Fact]
    public void The_ending_chooses_the_format()
    {
        RgbImage image = TestImages.Solid(8, 8, new(1, 2, 3));
        ImageEncoder.Save(image, _folder.File("a.JPG"));
        ImageEncoder.Save(image, _folder.File("a.png"));
        Assert.Equal(0xFF, File.ReadAllBytes(_folder.File("a.JPG"))[0]);
        Assert.Equal(0x89, File.ReadAllBytes(_folder.File("a.png"))[0]);
        Assert.Contains(".png", Assert.Throws<FileException>(() => ImageEncoder.Save(image, _folder.File("a.tga"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_reported_to_the_user()
    {
        string file = _folder.File("file", [1]);
        Assert.ThrowsAny<FocalSharpException>(() => ImageEncoder.SavePng(TestImages.Noise(2, 2), Path.Combine(file, "a.png")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Quality_is_within_1_and_100(int quality) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageEncoder.SaveJpeg(TestImages.Noise(2, 2), Stream.Null, quality));
}
