using BitMiracle.LibTiff.Classic;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Codecs.Rows;

namespace FocalSharp.Imaging.Tests.Codecs.Rows;

public sealed class RowReaderTests
{
    // Every image is too large to be decoded as a whole.
    private static readonly ImageDecodeOptions ByRows = new() { MaxWholePixels = 0 };

    public static TheoryData<string> Files => [.. CreateFiles().Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void Rows_equal_those_of_the_whole_image(string name)
    {
        byte[] file = CreateFiles()[name];
        Assert.Equal(ImageDecoder.Decode(file, new() { ApplyOrientation = false }).Pixels, ReadAll(file, ByRows));
    }

    [Fact]
    public void One_bit_is_black_or_white()
    {
        // 1010 0000 01, and its inverse by the filter "up": the difference to the row above.
        byte[] file = HandWrittenImages.Png(10, 2, 1, 0, [0, 0b1010_0000, 0b0100_0000, 2, 0b1011_1111, 0b0100_0000]);
        byte[] first = [255, 0, 255, 0, 0, 0, 0, 0, 0, 255];
        byte[] second = [0, 255, 0, 255, 255, 255, 255, 255, 255, 0];

        Assert.Equal([.. first, .. second], ReadAll(file, ByRows).Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void Sixteen_bits_are_stretched_on_request()
    {
        byte[] file = HandWrittenImages.Png(3, 1, 16, 0, [0, 1, 0, 2, 0, 0x0F, 0xFF]);

        Assert.Equal([0, 17, 255], ReadAll(file, ByRows with { StretchRange = true }).Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void Images_that_fit_into_memory_or_exceed_the_limit_are_not_read_by_rows()
    {
        byte[] file = HandWrittenImages.Png(10, 2, 1, 0, [0, 0, 0, 0, 0, 0]);

        Assert.Null(RowReader.TryOpen(new MemoryStream(file), "test", new() { MaxWholePixels = 20 }));
        Assert.Null(RowReader.TryOpen(new MemoryStream(file), "test", new() { MaxWholePixels = 0, MaxPixels = 19 }));
        Assert.NotNull(RowReader.TryOpen(new MemoryStream(file), "test", new() { MaxWholePixels = 19, MaxPixels = 20 }));
    }

    [Fact]
    public void An_interlaced_png_is_not_read_by_rows()
    {
        byte[] file = HandWrittenImages.Png(10, 2, 1, 0, [0, 0, 0, 0, 0, 0]);
        file[28] = 1;

        Assert.Null(RowReader.TryOpen(new MemoryStream(file), "test", ByRows));
    }

    [Fact]
    public void A_truncated_image_is_an_error_or_black()
    {
        byte[] file = HandWrittenImages.Png(8, 3, 1, 0, [0, 0b1100_0000, 0, 0b1100_0000]); // the third row is missing

        Assert.Contains("truncated", Assert.Throws<ImageException>(() => ReadAll(file, ByRows)).Message, StringComparison.Ordinal);
        byte[] pixels = ReadAll(file, ByRows with { AllowTruncated = true });
        Assert.Equal([255, 255, 0], pixels[24..][..9].Where((_, i) => i % 3 == 0));
        Assert.All(pixels[48..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_large_scan_takes_the_memory_of_some_rows()
    {
        // 12000 x 9000 pixels of one bit: 108 million, more than are decoded as a whole. Every row is 64 black and 64 white pixels in turn.
        const int Width = 12_000;
        const int Height = 9_000;
        byte[] line = [0, .. Enumerable.Range(0, Width / 8).Select(i => (byte)(i / 8 % 2 == 0 ? 0 : 255))];
        byte[] scanlines = new byte[line.Length * Height];
        for (int y = 0; y < Height; y++)
        {
            line.CopyTo(scanlines, y * line.Length);
        }

        byte[] file = HandWrittenImages.Png(Width, Height, 1, 0, scanlines);
        ImageDecodeOptions options = new() { MaxPixels = 200_000_000 };
        long before = GC.GetAllocatedBytesForCurrentThread();
        using RowReader rows = RowReader.TryOpen(new MemoryStream(file), "test", options)!;
        RgbImage image = ReducedDecoder.Reduce(rows, new ImageSize(375, 10), options);

        // 32 columns per pixel: two black, two white.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        for (int x = 0; x < 375; x++)
        {
            Assert.Equal(x / 2 % 2 == 0 ? 0 : 255, TestImages.At(image, x, 9).G);
        }
    }

    [Fact]
    public void A_rotated_image_is_reduced_and_rotated()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("rotated.tif", TiffFiles.Blocks(6));

        (RgbImage image, ImageSize original) = ReducedDecoder.Decode(path, 6, ByRows);

        Assert.Equal(new ImageSize(32, 48), original);
        Assert.Equal((4, 6), (image.Width, image.Height));
        for (int block = 0; block < 6; block++)
        {
            Assert.Equal(BlockImages.Colors[BlockImages.Rotated[block]], TestImages.At(image, block % 2 * 2, block / 2 * 2));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Reduced_images_equal_those_of_the_whole_image(string name)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("image", CreateFiles()[name]);

        Assert.Equal(ReducedDecoder.Decode(path, 7).Image.Pixels, ReducedDecoder.Decode(path, 7, ByRows).Image.Pixels);
    }

    private static byte[] ReadAll(byte[] file, ImageDecodeOptions options)
    {
        using RowReader rows = RowReader.TryOpen(new MemoryStream(file), "test", options)!;
        Assert.NotNull(rows);
        byte[] pixels = new byte[rows.Size.Pixels * 3];
        for (int y = 0; y < rows.Size.Height; y++)
        {
            rows.ReadRow(pixels.AsSpan(y * rows.Size.Width * 3, rows.Size.Width * 3));
        }

        return pixels;
    }

    private static Dictionary<string, byte[]> CreateFiles()
    {
        Dictionary<string, byte[]> files = [];
        foreach ((byte bits, byte type, int channels) in ((byte, byte, int)[])[(1, 0, 1), (2, 0, 1), (4, 0, 1), (8, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3), (8, 4, 2), (16, 6, 4)])
        {
            byte[] rows = Random(29 * (1 + (((31 * channels * bits) + 7) / 8)));
            for (int y = 0; y < 29; y++)
            {
                rows[y * rows.Length / 29] = (byte)(y % 5); // every filter
            }

            files.Add($"PNG of type {type} with {bits} bits", HandWrittenImages.Png(31, 29, bits, type, rows));
        }

        files.Add("TIFF in strips", TiffFiles.Blocks());
        files.Add("TIFF in strips, big-endian", TiffFiles.Blocks(6, Compression.ADOBE_DEFLATE, "wb"));
        files.Add("TIFF of 1 bit, white is 0", TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 31, 29, 1, 1, Photometric.MINISWHITE, Compression.CCITTFAX4);
            tiff.SetField(TiffTag.ROWSPERSTRIP, 8);
            TiffFiles.WriteRows(tiff, 29, y => [(byte)(y * 7), 0xF0, 0x33, 0x80]);
        }));
        files.Add("TIFF of 16 bits and floating point", TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 9, 8, 1, 32, Photometric.MINISBLACK, format: SampleFormat.IEEEFP);
            TiffFiles.WriteRows(tiff, 8, y => [.. Enumerable.Range(0, 9).SelectMany(x => BitConverter.GetBytes((x + y) * 20f))]);
        }));
        files.Add("TIFF of cyan, magenta, yellow and black", TiffFiles.Write("w", tiff =>
        {
            TiffFiles.SetTags(tiff, 9, 8, 4, 8, Photometric.SEPARATED);
            TiffFiles.WriteRows(tiff, 8, _ => Random(36));
        }));
        foreach (PlanarConfig planar in (PlanarConfig[])[PlanarConfig.CONTIG, PlanarConfig.SEPARATE])
        {
            int planes = planar == PlanarConfig.SEPARATE ? 3 : 1;
            files.Add($"TIFF in tiles, {planar}", TiffFiles.Write("w", tiff =>
            {
                TiffFiles.SetTags(tiff, 41, 37, 3, 8, Photometric.RGB, Compression.LZW, planar: planar);
                tiff.SetField(TiffTag.TILEWIDTH, 16);
                tiff.SetField(TiffTag.TILELENGTH, 16);
                for (int i = 0; i < planes * 9; i++)
                {
                    tiff.WriteTile(Random(16 * 16 * (planes == 3 ? 1 : 3), i), i % 3 * 16, i / 3 % 3 * 16, 0, (short)(i / 9));
                }
            }));
            files.Add($"TIFF in strips of channels, {planar}", TiffFiles.Write("w", tiff =>
            {
                TiffFiles.SetTags(tiff, 10, 9, 3, 8, Photometric.RGB, Compression.LZW, planar: planar);
                tiff.SetField(TiffTag.ROWSPERSTRIP, 4);
                for (short plane = 0; plane < planes; plane++)
                {
                    TiffFiles.WriteRows(tiff, 9, y => Random(10 * (planes == 3 ? 1 : 3), (9 * plane) + y), plane);
                }
            }));
        }

        using MemoryStream jpeg = new();
        ImageEncoder.SaveJpeg(TestImages.Noise(61, 43), jpeg, quality: 80);
        files.Add("JPEG", jpeg.ToArray());
        return files;
    }

    private static byte[] Random(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
