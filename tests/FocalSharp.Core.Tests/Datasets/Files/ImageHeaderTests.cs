using System.Buffers.Binary;
using CsCheck;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Core.Tests.Datasets.Files;

public sealed class ImageHeaderTests
{
    [Theory]
    [InlineData("89504E470D0A1A0A0000000D49484452000000070000000508060000", 7, 5)]
    [InlineData("4749463839610700050000000000", 7, 5)]
    [InlineData("424D000000000000000036000000280000000700000005000000", 7, 5)]
    [InlineData("424D0000000000000000360000002800000007000000FBFFFFFF", 7, 5)]
    [InlineData("424D00000000000000001A0000000C0000000700050001001800", 7, 5)]
    [InlineData("FFD8FFE000044A46FFC4000400FFFFC2000B080005000701", 7, 5)]
    [InlineData("524946460000000057454250565038580A00000000000000060000040000", 7, 5)]
    [InlineData("5249464600000000574542505650384C000000002F06000100000000000000", 7, 5)]
    [InlineData("52494646000000005745425056503820000000000000009D012A07400580", 7, 5)]
    public void Reads_the_size_of_each_format(string hex, int width, int height) =>
        Assert.Equal(new ImageSize(width, height), Read(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("FF")]
    [InlineData("FFD8")]
    [InlineData("FFD8FFC0000B08")]
    [InlineData("FFD8FFD9FFC0000B080005000701")]
    [InlineData("68656C6C6F20776F726C642C206E6F20696D61676521")]
    [InlineData("89504E470D0A1A0A0000000D49484452000000000000000508060000")]
    [InlineData("424D0000000000000000360000002800000007000000000000800000")]
    public void Rejects_what_is_not_an_image(string hex) => Assert.Null(Read(Convert.FromHexString(hex)));

    [Fact]
    public void Reads_real_jpegs()
    {
        foreach (string file in Directory.GetFiles(RealData.Require("bccd", "JPEGImages")).Take(5))
        {
            Assert.Equal(new ImageSize(640, 480), ImageHeader.TryRead(file));
        }
    }

    [Fact]
    public void A_missing_file_has_no_size() => Assert.Null(ImageHeader.TryRead(Path.Combine(Path.GetTempPath(), "no-such-image.png")));

    [Fact]
    public void Random_bytes_after_any_signature_never_throw()
    {
        string[] signatures = ["FFD8", "89504E470D0A1A0A0000000D49484452", "47494638", "424D", "52494646000000005745425056503858", ""];
        Gen.Select(Gen.Int[0, signatures.Length - 1], Gen.Byte.Array[0, 200]).Sample((which, noise) =>
        {
            ImageSize? size = Read([.. Convert.FromHexString(signatures[which]), .. noise]);
            Assert.True(size is null or { Width: > 0, Height: > 0 });
        });
    }

    [Fact]
    public void Any_png_size_is_read_back() => Gen.Select(Gen.Int[1, 100_000], Gen.Int[1, 100_000]).Sample((width, height) =>
        Assert.Equal(new ImageSize(width, height), Read(TestFolder.Png(width, height))));

    [Fact]
    public void A_jpeg_with_segments_only_is_rejected()
    {
        byte[] bytes = new byte[200_000];
        bytes[0] = 0xFF;
        bytes[1] = 0xD8;
        for (int i = 2; i + 4 <= bytes.Length; i += 4)
        {
            bytes[i] = 0xFF;
            bytes[i + 1] = 0xE1;
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(i + 2), 2);
        }

        Assert.Null(Read(bytes));
    }

    private static ImageSize? Read(byte[] bytes) => ImageHeader.TryRead(new MemoryStream(bytes));
}
