using System.Text;
using FocalSharp.Datasets.Files;
using FocalSharp.Serving.Tests.Support;
using FocalSharp.Serving.Uploads;

namespace FocalSharp.Serving.Tests.Uploads;

public sealed class ImageSignatureTests
{
    [Fact]
    public void Each_format_is_known_by_its_first_bytes()
    {
        Assert.Equal(ImageFormat.Jpeg, ImageSignature.Find(Samples.Jpeg()));
        Assert.Equal(ImageFormat.Png, ImageSignature.Find(Samples.Png()));
        Assert.Equal(ImageFormat.Gif, ImageSignature.Find(HandWrittenImages.Gif(new RgbColor(1, 2, 3))));
        Assert.Equal(ImageFormat.Bmp, ImageSignature.Find(HandWrittenImages.Bmp(8, 8, new RgbColor(1, 2, 3))));
        Assert.Equal(ImageFormat.Tiff, ImageSignature.Find("II*\0\b\0\0\0"u8));
        Assert.Equal(ImageFormat.Tiff, ImageSignature.Find("MM\0+\0\b\0\0"u8));
        Assert.Equal(ImageFormat.Heic, ImageSignature.Find("\0\0\0\u0018ftypheic\0\0\0\0mif1heic"u8));
        Assert.Equal(ImageFormat.Avif, ImageSignature.Find("\0\0\0\u001Cftypmif1\0\0\0\0avifmif1miaf"u8));
        Assert.Equal(ImageFormat.WebP, ImageSignature.Find("RIFF\x10\x20\x30\x40WEBPVP8 "u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("B")]
    [InlineData("hello, I am a text")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("%PDF-1.7 and so on")]
    [InlineData("RIFF....WAVEfmt ")]
    [InlineData("GIF88a......")]
    public void All_else_is_none(string start) => Assert.Null(ImageSignature.Find(Encoding.Latin1.GetBytes(start)));
}
