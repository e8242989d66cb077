using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Tests.Codecs;
using SkiaSharp;

namespace FocalSharp.Imaging.Tests;

public sealed class PixelBufferTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Every_way_into_a_buffer_holds_what_decoding_gives(SKEncodedImageFormat format)
    {
        PixelBuffer buffer = new();
        foreach ((int width, int height) in ((int, int)[])[(40, 31), (17, 50), (3, 2)])
        {
            byte[] encoded = Encoded(TestImages.Noise(width, height), format);
            string path = _folder.File("image", encoded);
            byte[] expected = ImageDecoder.Decode(encoded).Pixels;

            ImageDecoder.DecodeInto(buffer, path);
            Assert.Equal(expected, buffer.View.ToImage().Pixels);
            ImageDecoder.DecodeInto(buffer, encoded);
            Assert.Equal(expected, buffer.View.ToImage().Pixels);
            using MemoryStream stream = new(encoded);
            ImageDecoder.DecodeInto(buffer, stream);
            Assert.Equal(expected, buffer.View.ToImage().Pixels);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Orientation_is_applied_as_decoding_does(int orientation)
    {
        byte[] jpeg = HandWrittenImages.WithExifOrientation(Encoded(TestImages.Noise(24, 16), SKEncodedImageFormat.Jpeg), orientation);
        PixelBuffer buffer = new();

        ImageDecoder.DecodeInto(buffer, jpeg);
        RgbImage expected = ImageDecoder.Decode(jpeg);
        Assert.Equal((expected.Width, expected.Height), (buffer.Width, buffer.Height));
        Assert.Equal(expected.Pixels, buffer.View.ToImage().Pixels);

        ImageDecoder.DecodeInto(buffer, jpeg, new ImageDecodeOptions { ApplyOrientation = false });
        Assert.Equal((24, 16), (buffer.Width, buffer.Height));
    }

    [Fact]
    public void A_transparent_picture_shows_nothing_of_the_one_before()
    {
        PixelBuffer buffer = new();
        ImageDecoder.DecodeInto(buffer, Encoded(TestImages.Solid(8, 8, new(255, 255, 255)), SKEncodedImageFormat.Png));
        using SKBitmap empty = new(8, 8, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        empty.Erase(SKColors.Transparent);
        using SKData data = empty.Encode(SKEncodedImageFormat.Png, 100);
        ImageDecoder.DecodeInto(buffer, data.ToArray());
        Assert.Equal(ImageDecoder.Decode(data.ToArray()).Pixels, buffer.View.ToImage().Pixels);
    }

    [Fact]
    public void After_a_failure_it_holds_no_image()
    {
        PixelBuffer buffer = new();
        byte[] good = Encoded(TestImages.Noise(20, 20), SKEncodedImageFormat.Png);
        ImageDecoder.DecodeInto(buffer, good);

        Assert.Throws<ImageException>(() => ImageDecoder.DecodeInto(buffer, good.AsSpan(0, good.Length / 2)));
        Assert.Throws<InvalidOperationException>(() => buffer.View.Width);
        Assert.Throws<ImageException>(() => ImageDecoder.DecodeInto(buffer, good, new ImageDecodeOptions { MaxPixels = 399 }));
        Assert.Throws<ImageException>(() => ImageDecoder.DecodeInto(buffer, new MemoryStream(good), new ImageDecodeOptions { MaxBytes = good.Length - 1 }));
        Assert.Throws<ImageException>(() => ImageDecoder.DecodeInto(buffer, _folder.File("none.png")));
        ImageDecoder.DecodeInto(buffer, good);
        Assert.Equal(20, buffer.View.Width);
    }

    [Fact]
    public void It_gives_all_memory_back_when_asked()
    {
        PixelBuffer buffer = new();
        ImageDecoder.DecodeInto(buffer, Encoded(TestImages.Noise(20, 20), SKEncodedImageFormat.Png));
        Assert.True(buffer.Capacity >= 1600);
        buffer.Clear();
        Assert.Equal(0, buffer.Capacity);
    }

    private static byte[] Encoded(RgbImage image, SKEncodedImageFormat format)
    {
        using SKBitmap bitmap = new(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            bitmap.SetPixel(i % image.Width, i / image.Width, new SKColor(image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]));
        }

        using SKData data = bitmap.Encode(format, 90);
        return data.ToArray();
    }
}
