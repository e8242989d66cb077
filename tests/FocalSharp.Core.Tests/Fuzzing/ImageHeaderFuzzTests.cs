using FocalSharp.Core.Tests.Datasets;
using FocalSharp.Core.Tests.Datasets.Files;
using FocalSharp.Datasets.Files;
using FocalSharp.TestSupport.Fuzzing;

namespace FocalSharp.Core.Tests.Fuzzing;

/// <summary>The reader of image headers, which decodes nothing.</summary>
public sealed class ImageHeaderFuzzTests
{
    [Fact]
    public void Image_headers() => Fuzzer.Run(
        [
            TestFolder.Png(100, 80),
            ExifOrientationTests.Jpeg(64, 48, ExifOrientationTests.Exif(6, little: true)),
            ExifOrientationTests.Jpeg(64, 48, ExifOrientationTests.Exif(3, little: false)),
            [.. "GIF89a"u8, 100, 0, 80, 0, .. new byte[22]],
            [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, .. new byte[24]],
            [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8L"u8, .. new byte[4], 0x2F, .. new byte[24]],
            ImageContainerTests.Png(ExifOrientationTests.Exif(6, little: true)[6..]),
            ImageContainerTests.WebP(ExifOrientationTests.Exif(8, little: false)[6..]),
            ImageContainerTests.Tiff(little: true, 6),
            ImageContainerTests.Tiff(little: false, 3),
            ImageContainerTests.Heic(rotation: 3, mirror: 0),
            [(byte)'B', (byte)'M', .. new byte[12], 40, 0, 0, 0, 64, 0, 0, 0, 48, 0, 0, 0, .. new byte[20]],
        ],
        [[0xFF, 0xD8], [0xFF, 0xE1], [0xFF, 0xC0], [0xFF, 0xFF], [0xFF, 0xDA], .. new[] { "Exif\0\0"u8.ToArray(), "II*\0"u8.ToArray(), "IHDR"u8.ToArray(), "eXIf"u8.ToArray(), "EXIF"u8.ToArray(), "ipco"u8.ToArray(), "MM\0+"u8.ToArray(), "VP8 "u8.ToArray() }],
        bytes =>
        {
            ImageHeaderInfo? info = ImageHeader.TryReadInfo(new MemoryStream(bytes));
            Assert.True(info is null or { StoredSize: { Width: > 0, Height: > 0 }, Orientation: >= 1 and <= 8 });
        },
        new(1 << 18, 4));
}
