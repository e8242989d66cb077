using System.Text;
using FocalSharp.Imaging.Codecs;
using SkiaSharp;

namespace FocalSharp.Imaging.Tests.Codecs;

public sealed class ImageDecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_png_comes_back_as_it_was_written()
    {
        RgbImage image = TestImages.Noise(37, 21);
        string path = _folder.File("a.png");
        ImageEncoder.SavePng(image, path);

        Assert.Equal(image.Pixels, ImageDecoder.Decode(path).Pixels);
        Assert.Equal(new ImageSize(37, 21), ImageDecoder.ReadSize(path));
        using FileStream stream = File.OpenRead(path);
        Assert.Equal(image.Pixels, ImageDecoder.Decode(stream).Pixels);
        Assert.Equal(image.Pixels, ImageDecoder.Decode(File.ReadAllBytes(path)).Pixels);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Lossy_formats_come_back_nearly_as_they_were_written(SKEncodedImageFormat format)
    {
        using SKBitmap bitmap = new(64, 48, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(new SKColor(200, 100, 50));
        using SKData data = bitmap.Encode(format, 95);

        RgbColor middle = TestImages.At(ImageDecoder.Decode(data.ToArray()), 30, 20);

        Assert.InRange(middle.R, 197, 203);
        Assert.InRange(middle.G, 97, 103);
        Assert.InRange(middle.B, 47, 53);
    }

    [Fact]
    public void A_bmp_and_the_first_frame_of_a_gif_are_read()
    {
        Assert.Equal(new RgbColor(10, 20, 30), TestImages.At(ImageDecoder.Decode(HandWrittenImages.Bmp(3, 2, new(10, 20, 30))), 2, 1));
        Assert.Equal(new RgbColor(1, 2, 3), TestImages.At(ImageDecoder.Decode(HandWrittenImages.Gif(new(1, 2, 3))), 0, 0));
    }

    [Fact]
    public void Gray_16_bit_and_alpha_become_8_bit_rgb()
    {
        byte[] gray = HandWrittenImages.Png(2, 1, bitDepth: 8, colorType: 0, [0, 7, 250]);
        byte[] gray16 = HandWrittenImages.Png(1, 1, bitDepth: 16, colorType: 0, [0, 0x80, 0x80]);
        byte[] rgba = HandWrittenImages.Png(2, 1, bitDepth: 8, colorType: 6, [0, 90, 80, 70, 0, 60, 50, 40, 128]);

        Assert.Equal([7, 7, 7, 250, 250, 250], ImageDecoder.Decode(gray).Pixels);
        Assert.Equal([0x80, 0x80, 0x80], ImageDecoder.Decode(gray16).Pixels);
        Assert.Equal([90, 80, 70, 60, 50, 40], ImageDecoder.Decode(rgba).Pixels);
    }

    [Theory]
    [InlineData(1, 0, 1, 2, 3, 4, 5)]
    [InlineData(2, 2, 1, 0, 5, 4, 3)]
    [InlineData(3, 5, 4, 3, 2, 1, 0)]
    [InlineData(4, 3, 4, 5, 0, 1, 2)]
    [InlineData(5, 0, 3, 1, 4, 2, 5)]
    [InlineData(6, 3, 0, 4, 1, 5, 2)]
    [InlineData(7, 5, 2, 4, 1, 3, 0)]
    [InlineData(8, 2, 5, 1, 4, 0, 3)]
    public void Exif_orientation_is_applied_unless_switched_off(int orientation, params int[] order)
    {
        // Stored as 3x2 blocks of 16 pixels, each of its own grey; the EXIF tag then says how a viewer turns them.
        using SKBitmap bitmap = new(48, 32, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int i = 0; i < 48 * 32; i++)
        {
            byte gray = Gray((i / 48 / 16 * 3) + (i % 48 / 16));
            bitmap.SetPixel(i % 48, i / 48, new(gray, gray, gray));
        }

        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        string path = _folder.File("turned.jpg", HandWrittenImages.WithExifOrientation(data.ToArray(), orientation));
        bool transposed = orientation >= 5;

        RgbImage image = ImageDecoder.Decode(path);
        RgbImage stored = ImageDecoder.Decode(path, new() { ApplyOrientation = false });

        Assert.Equal(transposed ? (32, 48) : (48, 32), (image.Width, image.Height));
        Assert.Equal((48, 32), (stored.Width, stored.Height));
        Assert.Equal(new ImageSize(image.Width, image.Height), ImageDecoder.ReadSize(path));
        Assert.Equal(new ImageSize(48, 32), ImageDecoder.ReadSize(path, new() { ApplyOrientation = false }));
        int columns = image.Width / 16;
        for (int i = 0; i < 6; i++)
        {
            byte middle = TestImages.At(image, (i % columns * 16) + 8, (i / columns * 16) + 8).R;
            Assert.InRange(middle, Gray(order[i]) - 6, Gray(order[i]) + 6);
        }

        static byte Gray(int block) => (byte)(20 + (40 * block));
    }

    [Fact]
    public void A_missing_file_is_named() => AssertMessage(_folder.File("none.jpg"), "none.jpg", "no such image");

    [Fact]
    public void A_folder_is_no_image() => AssertMessage(_folder.Path, "folder");

    [Fact]
    public void An_empty_file_is_called_empty() => AssertMessage(_folder.File("empty.png", []), "empty.png", "0 bytes");

    [Fact]
    public void Text_named_as_an_image_is_not_an_image() =>
        AssertMessage(_folder.File("text.jpg", Encoding.UTF8.GetBytes("this is a shopping list, not a picture")), "text.jpg", "not an image");

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_truncated_file_is_an_error_unless_allowed(SKEncodedImageFormat format)
    {
        byte[] pixels = new byte[64 * 64 * 4];
        new Random(3).NextBytes(pixels);
        using SKBitmap bitmap = new(64, 64, SKColorType.Rgba8888, SKAlphaType.Opaque);
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using SKData data = bitmap.Encode(format, 90);
        byte[] whole = data.ToArray();
        string path = _folder.File($"half.{format}", whole[..(whole.Length / 2)]);

        AssertMessage(path, "half", format is SKEncodedImageFormat.Webp ? "image" : "truncated");
        if (format is not SKEncodedImageFormat.Webp)
        {
            Assert.Equal(64, ImageDecoder.Decode(path, new() { AllowTruncated = true }).Width);
        }
    }

    [Fact]
    public void A_header_cut_short_is_an_error()
    {
        string path = _folder.File("b.png");
        ImageEncoder.SavePng(TestImages.Noise(9, 9), path);
        AssertMessage(_folder.File("cut.png", File.ReadAllBytes(path)[..20]), "cut.png");
    }

    [Fact]
    public void A_bomb_is_refused_from_its_header()
    {
        // The header promises 400 million pixels; a few bytes of data follow.
        string path = _folder.File("bomb.png", HandWrittenImages.Png(20000, 20000, bitDepth: 8, colorType: 2, [0, 1, 2, 3]));

        AssertMessage(path, "bomb.png", "20000x20000", "400 million pixels");
        Assert.Equal(new ImageSize(20000, 20000), ImageDecoder.ReadSize(path));
    }

    [Fact]
    public void More_bytes_than_allowed_are_refused()
    {
        string path = _folder.File("c.png");
        ImageEncoder.SavePng(TestImages.Noise(99, 99), path);
        ImageDecodeOptions small = new() { MaxBytes = 1000 };

        Assert.Contains("MiB", Assert.Throws<ImageException>(() => ImageDecoder.Decode(path, small)).Message, StringComparison.Ordinal);
        using FileStream stream = File.OpenRead(path);
        Assert.Throws<ImageException>(() => ImageDecoder.Decode(stream, small));
    }

    [Fact]
    public void A_1x1_image_is_read() => Assert.Equal([9, 8, 7], ImageDecoder.Decode(HandWrittenImages.Png(1, 1, 8, 2, [0, 9, 8, 7])).Pixels);

    [Fact]
    public void Damaged_bytes_end_in_a_clear_error_or_an_image()
    {
        string path = _folder.File("d.jpg");
        ImageEncoder.SaveJpeg(TestImages.Noise(40, 40), path);
        byte[] good = File.ReadAllBytes(path);
        Random random = new(5);
        for (int round = 0; round < 300; round++)
        {
            byte[] bad = (byte[])good.Clone();
            for (int i = 0; i < 4; i++)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            Exception? exception = Record.Exception(() => ImageDecoder.Decode(bad));
            Assert.True(exception is null or ImageException, exception?.ToString());
        }
    }

    private static void AssertMessage(string path, params string[] parts)
    {
        string message = Assert.Throws<ImageException>(() => ImageDecoder.Decode(path)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
