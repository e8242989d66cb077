using FocalSharp.Detections;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Imaging.Tests.Codecs;
using SkiaSharp;

namespace FocalSharp.Imaging.Tests.Drawing;

public sealed class EncodedDrawingTests
{
    private static readonly string[] Classes = ["cup", "key"];
    private static readonly Detection[] Found = [new(new(6, 5, 40, 30), 0, 0.9f, new(2, 3, 2, 1)), new(new(20, 8, 50, 36), 1, 0.5f, default)];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void The_picture_is_that_of_drawing_on_the_decoded_image(int orientation)
    {
        using MemoryStream stream = new();
        ImageEncoder.SaveJpeg(TestImages.Noise(64, 48), stream);
        byte[] jpeg = HandWrittenImages.WithExifOrientation(stream.ToArray(), orientation);
        RgbImage expected = DetectionRenderer.Draw(ImageDecoder.Decode(jpeg), Found, Classes);

        byte[] png = DetectionRenderer.DrawEncoded(jpeg, ImageDecodeOptions.Default, "photo", Found, Classes, png: true);

        RgbImage actual = ImageDecoder.Decode(png);
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.Pixels, actual.Pixels);
    }

    [Fact]
    public void A_JPEG_is_as_ImageEncoder_writes_it()
    {
        using MemoryStream source = new();
        ImageEncoder.SavePng(TestImages.Noise(64, 48), source);
        using MemoryStream expected = new();
        ImageEncoder.SaveJpeg(DetectionRenderer.Draw(ImageDecoder.Decode(source.ToArray()), Found, Classes), expected);

        Assert.Equal(expected.ToArray(), DetectionRenderer.DrawEncoded(source.ToArray(), ImageDecodeOptions.Default, "photo", Found, Classes, png: false));
    }

    [Fact]
    public void A_damaged_image_is_named()
    {
        using SKBitmap bitmap = new(32, 32);
        byte[] jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90).ToArray();

        ImageException exception = Assert.Throws<ImageException>(
            () => DetectionRenderer.DrawEncoded(jpeg.AsSpan(0, jpeg.Length / 2), ImageDecodeOptions.Default, "photo", [], Classes, png: false));

        Assert.StartsWith("photo: ", exception.Message, StringComparison.Ordinal);
    }
}
