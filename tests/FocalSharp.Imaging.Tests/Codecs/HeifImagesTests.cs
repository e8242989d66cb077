using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Heif;
using FocalSharp.TestSupport.Fuzzing;

namespace FocalSharp.Imaging.Tests.Codecs;

public sealed class HeifImagesTests
{
    private const long MaxPixels = 200_000;

    public static TheoryData<bool> Formats => [false, true];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Heic_and_avif_are_read_as_they_are_displayed(bool avif)
    {
        HeifImages.Enable();
        RgbImage plain = ImageDecoder.Decode(avif ? BlockImages.Avif : BlockImages.Heic);
        byte[] file = avif ? BlockImages.RotatedAvif : BlockImages.RotatedHeic;
        RgbImage rotated = ImageDecoder.Decode(file);
        RgbImage stored = ImageDecoder.Decode(file, new() { ApplyOrientation = false });
        PixelBuffer buffer = new();
        ImageDecoder.DecodeInto(buffer, file);

        Assert.Equal((48, 32), (plain.Width, plain.Height));
        ImageFormatTests.AssertBlocks(plain, [0, 1, 2, 3, 4, 5], tolerance: 8);
        Assert.Equal((32, 48), (rotated.Width, rotated.Height));
        ImageFormatTests.AssertBlocks(rotated, BlockImages.Rotated, tolerance: 8);
        ImageFormatTests.AssertBlocks(stored, [0, 1, 2, 3, 4, 5], tolerance: 8);
        Assert.Equal(rotated.Pixels, buffer.View.ToImage().Pixels);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_truncated_file_is_an_error(bool avif)
    {
        HeifImages.Enable();
        byte[] file = avif ? BlockImages.Avif : BlockImages.Heic;

        Assert.Contains(avif ? "AVIF" : "HEIC", Assert.Throws<ImageException>(() => ImageDecoder.Decode(file.AsSpan(0, file.Length - 40))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_decoded_or_refused()
    {
        HeifImages.Enable();
        ImageDecodeOptions options = new() { MaxPixels = MaxPixels };
        Fuzzer.Run(
            [BlockImages.Heic, BlockImages.Avif, BlockImages.RotatedHeic],
            ["ispe"u8.ToArray(), "irot"u8.ToArray(), "mdat"u8.ToArray()],
            bytes =>
            {
                RgbImage image = ImageDecoder.Decode(bytes, options);
                Assert.InRange((long)image.Width * image.Height, 1, MaxPixels);
            },
            new MemoryLimit((1 << 20) + (24 * MaxPixels), 16));
    }
}
