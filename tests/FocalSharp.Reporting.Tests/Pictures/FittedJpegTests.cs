using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Reporting.Pictures;

namespace FocalSharp.Reporting.Tests.Pictures;

public sealed class FittedJpegTests
{
    [Theory]
    [InlineData(100_000)]
    [InlineData(20_000)]
    [InlineData(3_000)]
    public void Keeps_to_its_bytes_however_hard_the_picture_is(int maxBytes)
    {
        byte[] file = FittedJpeg.Encode(Noise(900, 600), longSide: 800, maxBytes);

        Assert.InRange(file.Length, 1, maxBytes);
        RgbImage image = ImageDecoder.Decode(file);
        Assert.Equal(1.5, image.Width / (double)image.Height, 0.1);
    }

    [Fact]
    public void Takes_no_pixels_from_a_picture_that_fits()
    {
        RgbImage image = ImageDecoder.Decode(FittedJpeg.Encode(new RgbImage(300, 200), longSide: 800, maxBytes: 100_000));

        Assert.Equal((300, 200), (image.Width, image.Height));
    }

    [Fact]
    public void Shrinks_to_the_long_side()
    {
        RgbImage image = ImageDecoder.Decode(FittedJpeg.Encode(new RgbImage(200, 1000), longSide: 500, maxBytes: 100_000));

        Assert.Equal((100, 500), (image.Width, image.Height));
    }

    internal static RgbImage Noise(int width, int height)
    {
        RgbImage image = new(width, height);
        new Random(1).NextBytes(image.Pixels);
        return image;
    }
}
