using BitMiracle.LibTiff.Classic;
using FocalSharp.Datasets.Files;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Imaging.Tests.Codecs;

public sealed class TiffDecoderTests
{
    [Theory]
    [InlineData(Compression.NONE, "w")]
    [InlineData(Compression.LZW, "w")]
    [InlineData(Compression.ADOBE_DEFLATE, "w")]
    [InlineData(Compression.PACKBITS, "w")]
    [InlineData(Compression.LZW, "wb")]
    public void Rgb_is_read_with_every_common_compression_and_byte_order(Compression compression, string mode) =>
        ImageFormatTests.AssertBlocks(ImageDecoder.Decode(TiffFiles.Blocks(1, compression, mode)), [0, 1, 2, 3, 4, 5], tolerance: 0);

    [Fact]
    public void Tiles_are_assembled()
    {
        byte[] file = TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 20, 18, 1, 8, Photometric.MINISBLACK);
            tiff.SetField(TiffTag.TILEWIDTH, 16);
            tiff.SetField(TiffTag.TILELENGTH, 16);
            for (int y = 0; y < 18; y += 16)
            {
                for (int x = 0; x < 20; x += 16)
                {
                    byte[] tile = [.. Enumerable.Range(0, 256).Select(i => (byte)((10 * (y + (i / 16))) + x + (i % 16)))];
                    tiff.WriteTile(tile, x, y, 0, 0);
                }
            }
        });

        RgbImage image = ImageDecoder.Decode(file);

        Assert.Equal((20, 18), (image.Width, image.Height));
        Assert.Equal(new RgbColor(3, 3, 3), TestImages.At(image, 3, 0));
        Assert.Equal(new RgbColor(189, 189, 189), TestImages.At(image, 19, 17));
    }

    [Fact]
    public void Channels_that_are_stored_apart_are_joined()
    {
        byte[] file = TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 4, 2, 3, 8, Photometric.RGB, planar: PlanarConfig.SEPARATE);
            tiff.SetField(TiffTag.ROWSPERSTRIP, 2);
            for (short plane = 0; plane < 3; plane++)
            {
                byte value = (byte)(50 * (plane + 1));
                TiffFiles.WriteRows(tiff, 2, _ => [value, value, value, value], plane);
            }
        });

        Assert.Equal(new RgbColor(50, 100, 150), TestImages.At(ImageDecoder.Decode(file), 3, 1));
    }

    [Fact]
    public void Sixteen_bits_become_their_upper_byte_or_are_stretched()
    {
        byte[] file = Gray16(0x0100, 0x0200, 0x0FFF);

        Assert.Equal([1, 2, 15], Red(ImageDecoder.Decode(file)));
        Assert.Equal([0, 17, 255], Red(ImageDecoder.Decode(file, new() { StretchRange = true }))); // 256 of 3839 is 17.0 of 255
        Assert.Equal(12, PixelDecoder.MeasureRange(file, ImageHeader.TryReadInfo(new MemoryStream(file))!.Value, "test")!.Value.BitsUsed);
    }

    [Fact]
    public void Twelve_bits_are_scaled_to_eight()
    {
        byte[] file = TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 3, 1, 1, 12, Photometric.MINISBLACK);
            TiffFiles.WriteRows(tiff, 1, _ => [0x00, 0x0F, 0xFF, 0x80, 0x00]); // 0, 0xFFF and 0x800
        });

        Assert.Equal([0, 255, 128], Red(ImageDecoder.Decode(file))); // 2048 * 255 / 4095 is 127.5
    }

    [Theory]
    [InlineData(new[] { -1f, 0.5f, 1f }, new[] { 0, 128, 255 })]
    [InlineData(new[] { 0f, 100f, 255f }, new[] { 0, 100, 255 })]
    [InlineData(new[] { float.NaN, 256.5f, 65535f }, new[] { 0, 1, 255 })]
    public void Floating_point_is_scaled_from_the_smallest_usual_range(float[] values, int[] expected)
    {
        byte[] file = TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 3, 1, 1, 32, Photometric.MINISBLACK, format: SampleFormat.IEEEFP);
            TiffFiles.WriteRows(tiff, 1, _ => [.. values.SelectMany(BitConverter.GetBytes)]);
        });

        Assert.Equal(expected.Select(value => (byte)value), Red(ImageDecoder.Decode(file)));
    }

    [Fact]
    public void Scans_of_one_bit_are_black_and_white()
    {
        foreach ((Photometric photometric, byte first) in new[] { (Photometric.MINISBLACK, (byte)255), (Photometric.MINISWHITE, (byte)0) })
        {
            byte[] file = TiffFiles.Write("w", tiff =>
            {
                TiffFiles.SetTags(tiff, 10, 2, 1, 1, photometric, Compression.CCITTFAX4);
                TiffFiles.WriteRows(tiff, 2, _ => [0b1100_0000, 0b0100_0000]);
            });

            byte[] red = Red(ImageDecoder.Decode(file));

            byte other = (byte)(255 - first);
            Assert.Equal([first, first, other, other, other, other, other, other, other, first], red[..10]);
        }
    }

    [Fact]
    public void Palettes_and_cmyk_become_rgb()
    {
        byte[] palette = TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 2, 1, 1, 8, Photometric.PALETTE);
            ushort[] map = new ushort[256];
            ushort[] green = new ushort[256];
            (map[7], green[7]) = (200 << 8, 100 << 8);
            tiff.SetField(TiffTag.COLORMAP, map, green, map);
            TiffFiles.WriteRows(tiff, 1, _ => [7, 0]);
        });
        byte[] cmyk = TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 2, 1, 4, 8, Photometric.SEPARATED);
            TiffFiles.WriteRows(tiff, 1, _ => [255, 0, 0, 0, 0, 0, 0, 155]);
        });

        Assert.Equal([200, 100, 200, 0, 0, 0], ImageDecoder.Decode(palette).Pixels);
        Assert.Equal([0, 255, 255, 100, 100, 100], ImageDecoder.Decode(cmyk).Pixels);
    }

    [Fact]
    public void Of_several_pages_the_first_is_read_and_reduced_copies_do_not_count()
    {
        byte[] file = TiffFiles.Write(
            "w",
            tiff =>
            {
                TiffFiles.SetTags(tiff, 2, 1, 1, 8, Photometric.MINISBLACK);
                tiff.SetField(TiffTag.SUBFILETYPE, FileType.REDUCEDIMAGE);
                TiffFiles.WriteRows(tiff, 1, _ => [1, 1]);
            },
            tiff => Gray(tiff, 30),
            tiff => Gray(tiff, 60));

        Assert.Equal([30, 30, 30], Red(ImageDecoder.Decode(file)));
        Assert.Equal(2, ImageHeader.TryReadInfo(new MemoryStream(file))!.Value.PageCount);

        static void Gray(Tiff tiff, byte value)
        {
            TiffFiles.SetTags(tiff, 3, 1, 1, 8, Photometric.MINISBLACK);
            TiffFiles.WriteRows(tiff, 1, _ => [value, value, value]);
        }
    }

    [Fact]
    public void More_than_three_channels_are_refused_and_alpha_is_dropped()
    {
        byte[] five = TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 2, 1, 5, 8, Photometric.MINISBLACK);
            TiffFiles.WriteRows(tiff, 1, _ => new byte[10]);
        });
        byte[] alpha = TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 1, 1, 4, 8, Photometric.RGB);
            tiff.SetField(TiffTag.EXTRASAMPLES, 1, new[] { (short)ExtraSample.UNASSALPHA });
            TiffFiles.WriteRows(tiff, 1, _ => [10, 20, 30, 0]);
        });

        Assert.Contains("has 5 channels", Assert.Throws<ImageException>(() => ImageDecoder.Decode(five)).Message, StringComparison.Ordinal);
        Assert.Equal([10, 20, 30], ImageDecoder.Decode(alpha).Pixels);
    }

    [Fact]
    public void A_truncated_file_is_an_error_unless_allowed()
    {
        byte[] file = TiffFiles.Blocks(1, Compression.NONE);
        int strip = BitConverter.ToInt32(file, 4) < 1000 ? 1000 : 500;
        byte[] cut = [.. file];
        Array.Fill(cut, (byte)0, 8, strip); // damaged pixels do not matter without compression
        Assert.Equal(48, ImageDecoder.Decode(cut).Width);

        byte[] packed = TiffFiles.Blocks(1, Compression.LZW);
        Array.Fill(packed, (byte)0xFF, 8, 40);
        Assert.Contains("damaged", Assert.Throws<ImageException>(() => ImageDecoder.Decode(packed)).Message, StringComparison.Ordinal);
        Assert.Equal(48, ImageDecoder.Decode(packed, new() { AllowTruncated = true }).Width);
    }

    [Fact]
    public void A_size_above_the_limit_is_refused_from_the_header()
    {
        byte[] file = TiffFiles.Blocks();

        Assert.Contains("million", Assert.Throws<ImageException>(() => ImageDecoder.Decode(file, new() { MaxPixels = 1000 })).Message, StringComparison.Ordinal);
    }

    internal static byte[] Gray16(params ushort[] values) => TiffFiles.Write("w", tiff =>
    {
        TiffFiles.SetTags(tiff, values.Length, 1, 1, 16, Photometric.MINISBLACK);
        TiffFiles.WriteRows(tiff, 1, _ => [.. values.SelectMany(BitConverter.GetBytes)]);
    });

    private static byte[] Red(RgbImage image) => [.. image.Pixels.Where((_, i) => i % 3 == 0)];
}
