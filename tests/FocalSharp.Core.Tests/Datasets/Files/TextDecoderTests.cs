using System.Text;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Core.Tests.Datasets.Files;

public sealed class TextDecoderTests
{
    // 猫 is E7 8C AB in UTF-8 and C3 A8 in GB2312; ü is FC in windows-1252; 猫 is 94 4C in Shift-JIS.
    [Fact]
    public void Utf8_is_certain() => Assert.Equal(("猫", null), TextDecoder.Decode([0xE7, 0x8C, 0xAB]));

    [Fact]
    public void A_declared_encoding_has_precedence() => Assert.Equal(("猫", null), TextDecoder.Decode([0xC3, 0xA8], "gb2312"));

    [Fact]
    public void Shift_jis_is_known() => Assert.Equal(("猫", null), TextDecoder.Decode([0x94, 0x4C], "shift_jis"));

    [Fact]
    public void Pairs_of_high_bytes_are_read_as_chinese_and_named() =>
        Assert.Equal(("狗猫d", "GB18030"), TextDecoder.Decode([0xB9, 0xB7, 0xC3, 0xA8, (byte)'d']));

    [Fact]
    public void Single_high_bytes_are_read_as_western_and_named() => Assert.Equal(("Tür", "windows-1252"), TextDecoder.Decode([(byte)'T', 0xFC, (byte)'r']));

    [Fact]
    public void Utf16_with_a_mark_is_read() => Assert.Equal(("猫", null), TextDecoder.Decode([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("猫")]));

    [Theory]
    [InlineData(new byte[] { 0xFF, 0x20 }, "utf-8")]
    [InlineData(new byte[] { 0x41 }, "no-such-encoding")]
    public void Bytes_that_are_not_valid_in_their_declared_encoding_are_an_error(byte[] bytes, string declared) =>
        Assert.Throws<InvalidDataException>(() => TextDecoder.Decode(bytes, declared));

    [Fact]
    public void The_declaration_of_an_xml_file_is_found() =>
        Assert.Equal("gb2312", TextDecoder.DeclaredByXml("<?xml version=\"1.0\" encoding='gb2312' ?><a/>"u8));
}
