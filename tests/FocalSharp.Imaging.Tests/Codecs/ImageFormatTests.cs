using FocalSharp.Datasets.Files;
using FocalSharp.Imaging.Codecs;
using SkiaSharp;

namespace FocalSharp.Imaging.Tests.Codecs;

/// <summary>One header answers size and orientation for data sets and for the decoder, in every container.</summary>
public sealed class ImageFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> RotatedFiles => ["png", "webp", "tiff", "jpeg"];

    [Theory]
    [MemberData(nameof(RotatedFiles))]
    public void The_orientation_is_applied_in_every_container(string format)
    {
        byte[] file = format switch
        {
            "png" => BlockImages.RotatedPng,
            "webp" => BlockImages.RotatedWebP,
            "tiff" => TiffFiles.Blocks(orientation: 6),
            _ => HandWrittenImages.WithExifOrientation(Skia(SKEncodedImageFormat.Jpeg, 100), 6),
        };
        string path = _folder.File("rotated.bin", file);

        ImageHeaderInfo header = ImageHeader.TryReadInfo(path)!.Value;
        RgbImage image = ImageDecoder.Decode(path);
        RgbImage stored = ImageDecoder.Decode(path, new() { ApplyOrientation = false });
        PixelBuffer buffer = new();
        ImageDecoder.DecodeInto(buffer, path);

        Assert.Equal((6, new ImageSize(32, 48)), (header.Orientation, header.DisplaySize));
        Assert.Equal(new ImageSize(32, 48), ImageDecoder.ReadSize(path));
        Assert.Equal((32, 48), (image.Width, image.Height));
        Assert.Equal((48, 32), (stored.Width, stored.Height));
        AssertBlocks(image, BlockImages.Rotated, tolerance: 8);
        AssertBlocks(stored, [0, 1, 2, 3, 4, 5], tolerance: 8);
        Assert.Equal(image.Pixels, buffer.View.ToImage().Pixels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Colors_of_cmyk_and_ycck_jpegs_are_those_of_libjpeg(bool ycck) =>
        AssertBlocks(ImageDecoder.Decode(ycck ? BlockImages.YcckJpeg : BlockImages.CmykJpeg), [0, 1, 2, 3, 4, 5], tolerance: 4);

    [Theory]
    [InlineData("photo.jfif")]
    [InlineData("photo.jpe")]
    [InlineData("photo.png")]
    [InlineData("photo")]
    public void The_content_counts_not_the_name(string name) =>
        Assert.Equal(48, ImageDecoder.Decode(_folder.File(name, Skia(SKEncodedImageFormat.Jpeg, 90))).Width);

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Display_P3_is_converted_to_sRGB(SKEncodedImageFormat format)
    {
        // The red of sRGB is 234, 51, 35 in Display P3 (CSS Color 4, section 10: color(display-p3 0.917 0.2 0.139)).
        using SKColorSpace p3 = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3);
        byte[] file = Encode(new SKColor(234, 51, 35), p3, format);
        RgbColor color = TestImages.At(ImageDecoder.Decode(file), 8, 8);
        RgbColor stored = TestImages.At(ImageDecoder.Decode(file, new() { ConvertColors = false }), 8, 8);

        Assert.InRange(color.R, 250, 255);
        Assert.InRange(color.G, 0, 6);
        Assert.InRange(color.B, 0, 6);
        Assert.InRange(stored.R, 230, 238);
    }

    [Theory]
    [InlineData(70)]
    [InlineData(100)]
    public void Decoding_by_rows_gives_the_same_pixels(int quality)
    {
        byte[] file = Skia(SKEncodedImageFormat.Jpeg, quality);
        ImageHeaderInfo info = ImageHeader.TryReadInfo(new MemoryStream(file))!.Value;
        RgbImage rows = new(48, 32);

        Assert.True(SkiaDecoder.TryDecodeRows(file, info, rows.Pixels, "test", ImageDecodeOptions.Default));
        Assert.Equal(ImageDecoder.Decode(file).Pixels, rows.Pixels);
        Assert.Throws<ImageException>(() => SkiaDecoder.TryDecodeRows(file.AsSpan(0, file.Length / 2), info, rows.Pixels, "test", ImageDecodeOptions.Default));
    }

    [Fact]
    public void An_sRGB_profile_changes_no_pixel()
    {
        using SKColorSpace srgb = SKColorSpace.CreateSrgb();

        Assert.Equal(new RgbColor(234, 51, 35), TestImages.At(ImageDecoder.Decode(Encode(new SKColor(234, 51, 35), srgb, SKEncodedImageFormat.Png)), 8, 8));
    }

    [Theory]
    [InlineData("%PDF-1.7\n", "PDF")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG")]
    [InlineData("\0\0\0\u0018ftypmp42\0\0\0\0mp42isom", "videos are not read")]
    [InlineData("8BPS\0\u0001", "Photoshop")]
    public void Other_content_is_named(string content, string expected)
    {
        string path = _folder.File("photo.jpg", System.Text.Encoding.Latin1.GetBytes(content));

        Assert.Contains(expected, Assert.Throws<ImageException>(() => ImageDecoder.Decode(path)).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<ImageException>(() => ImageDecoder.ReadSize(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Heic_and_avif_state_their_displayed_size()
    {
        Assert.Equal(new ImageSize(48, 32), ImageDecoder.ReadSize(BlockImages.Heic));
        Assert.Equal(new ImageSize(48, 32), ImageDecoder.ReadSize(BlockImages.Avif));
        Assert.Equal(new ImageSize(32, 48), ImageDecoder.ReadSize(BlockImages.RotatedHeic));
        Assert.Equal(new ImageSize(32, 48), ImageDecoder.ReadSize(BlockImages.RotatedAvif));
    }

    [Theory]
    [InlineData(6, 4)]
    [InlineData(8, 2)]
    [InlineData(3, 5)]
    public void Combined_orientations_equal_one_after_the_other(int first, int second)
    {
        RgbImage image = TestImages.Noise(5, 3);

        Assert.Equal(
            Orientation.Apply(Orientation.Apply(image, first), second).Pixels,
            Orientation.Apply(image, ExifOrientation.Combine(first, second)).Pixels);
        Assert.Equal(image.Pixels, Orientation.Apply(Orientation.Apply(image, first), ExifOrientation.Invert(first)).Pixels);
    }

    internal static void AssertBlocks(RgbImage image, int[] order, int tolerance)
    {
        int columns = image.Width / 16;
        for (int i = 0; i < order.Length; i++)
        {
            RgbColor actual = TestImages.At(image, (i % columns * 16) + 8, (i / columns * 16) + 8);
            RgbColor expected = BlockImages.Colors[order[i]];
            int difference = Math.Max(Math.Abs(actual.R - expected.R), Math.Max(Math.Abs(actual.G - expected.G), Math.Abs(actual.B - expected.B)));
            Assert.True(difference <= tolerance, $"block {i}: {actual}, expected {expected}");
        }
    }

    private static byte[] Skia(SKEncodedImageFormat format, int quality)
    {
        using SKBitmap bitmap = new(48, 32, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int i = 0; i < 48 * 32; i++)
        {
            RgbColor color = BlockImages.Colors[(i / 48 / 16 * 3) + (i % 48 / 16)];
            bitmap.SetPixel(i % 48, i / 48, new(color.R, color.G, color.B));
        }

        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    private static byte[] Encode(SKColor color, SKColorSpace colors, SKEncodedImageFormat format)
    {
        using SKBitmap bitmap = new(new SKImageInfo(16, 16, SKColorType.Rgba8888, SKAlphaType.Opaque, colors));
        byte[] pixels = [.. Enumerable.Repeat(new byte[] { color.Red, color.Green, color.Blue, 255 }, 256).SelectMany(pixel => pixel)];
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using SKData data = bitmap.Encode(format, 100);
        return data.ToArray();
    }
}
