using FocalSharp.Datasets.Files;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Imaging.Tests.Codecs;

public sealed class PngRowDecoderTests
{
    [Fact]
    public void The_range_of_16_bit_samples_is_stretched_on_request()
    {
        // Gray 16, filter 0: 0x0100, 0x0200, 0x0FFF.
        byte[] file = HandWrittenImages.Png(3, 1, 16, 0, [0, 1, 0, 2, 0, 0x0F, 0xFF]);

        Assert.Equal([1, 2, 15], Red(ImageDecoder.Decode(file)));
        Assert.Equal([0, 17, 255], Red(ImageDecoder.Decode(file, new() { StretchRange = true })));
        Assert.Equal(12, PixelDecoder.MeasureRange(file, ImageHeader.TryReadInfo(new MemoryStream(file))!.Value, "test")!.Value.BitsUsed);
    }

    [Fact]
    public void Every_filter_is_undone()
    {
        // Five rows of two gray samples (100, 200), each row with its own filter; PNG specification, section 9.
        byte[] rows =
        [
            0, 0, 100, 0, 200,
            1, 0, 100, 0, 100, // less the sample to the left
            2, 0, 0, 0, 0, // less the one above
            3, 0, 50, 0, 50, // less the mean of both: 100 - 50, 200 - 150
            4, 0, 0, 0, 0, // less the Paeth predictor: above 100; of left 100, above 200 and upper left 100 the estimate is 200
        ];
        RgbImage image = ImageDecoder.Decode(HandWrittenImages.Png(2, 5, 16, 0, rows), new() { StretchRange = true });

        for (int y = 0; y < 5; y++)
        {
            Assert.Equal((0, 255), (TestImages.At(image, 0, y).R, TestImages.At(image, 1, y).R));
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(4, 0)]
    [InlineData(8, 0)]
    [InlineData(16, 0)]
    [InlineData(8, 2)]
    [InlineData(16, 2)]
    [InlineData(8, 4)]
    [InlineData(16, 6)]
    public void Every_kind_of_sample_gives_the_pixels_of_libpng(byte bits, byte colorType)
    {
        int channels = colorType switch { 0 => 1, 2 => 3, 4 => 2, _ => 4 };
        int rowBytes = ((13 * channels * bits) + 7) / 8;
        byte[] rows = new byte[7 * (rowBytes + 1)];
        new Random(1).NextBytes(rows);
        for (int y = 0; y < 7; y++)
        {
            rows[y * (rowBytes + 1)] = (byte)(y % 5); // every filter
        }

        byte[] file = HandWrittenImages.Png(13, 7, bits, colorType, rows);
        RgbImage image = new(13, 7);
        PngRowDecoder.Decode(file, ImageHeader.TryReadInfo(new MemoryStream(file))!.Value, image.Pixels, 3, "test", ImageDecodeOptions.Default);

        Assert.Equal(ImageDecoder.Decode(file).Pixels, image.Pixels);
    }

    [Fact]
    public void A_palette_is_applied()
    {
        byte[] file = WithPalette(HandWrittenImages.Png(3, 1, 2, 3, [0, 0b00_01_10_00]), [10, 20, 30, 40, 50, 60]);
        RgbImage image = new(3, 1);
        PngRowDecoder.Decode(file, ImageHeader.TryReadInfo(new MemoryStream(file))!.Value, image.Pixels, 3, "test", ImageDecodeOptions.Default);

        Assert.Equal([10, 20, 30, 40, 50, 60, 0, 0, 0], image.Pixels);
    }

    [Fact]
    public void Colors_are_stretched_together_and_alpha_does_not_count()
    {
        byte[] file = HandWrittenImages.Png(1, 1, 16, 6, [0, 0, 100, 0, 200, 0, 150, 0xFF, 0xFF]);

        Assert.Equal([0, 255, 128], ImageDecoder.Decode(file, new() { StretchRange = true }).Pixels);
    }

    [Fact]
    public void A_truncated_file_is_an_error_unless_allowed()
    {
        byte[] file = HandWrittenImages.Png(3, 2, 16, 0, [0, 1, 0, 2, 0, 0x0F, 0xFF]);

        Assert.Contains("truncated", Assert.Throws<ImageException>(() => ImageDecoder.Decode(file, new() { StretchRange = true })).Message, StringComparison.Ordinal);
        Assert.Equal(2, ImageDecoder.Decode(file, new() { StretchRange = true, AllowTruncated = true }).Height);
    }

    // The zlib format's FDICT flag (RFC 1950, section 2.2) asks for a dictionary, which PNG does not have.
    [Fact]
    public void Data_that_ask_for_a_dictionary_are_damaged()
    {
        byte[] file = HandWrittenImages.Png(3, 1, 16, 0, [0, 1, 0, 2, 0, 0x0F, 0xFF]);
        (file[41], file[42]) = (0x78, 0x20);

        Assert.Contains("damaged", Assert.Throws<ImageException>(() => ImageDecoder.Decode(file, new() { StretchRange = true })).Message, StringComparison.Ordinal);
    }

    private static byte[] WithPalette(byte[] png, byte[] colors) =>
        [.. png[..33], 0, 0, 0, (byte)colors.Length, .. "PLTE"u8, .. colors, 0, 0, 0, 0, .. png[33..]];

    private static byte[] Red(RgbImage image) => [.. image.Pixels.Where((_, i) => i % 3 == 0)];
}
