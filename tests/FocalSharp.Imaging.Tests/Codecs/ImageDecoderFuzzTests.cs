using FocalSharp.Datasets.Files;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Hashing;
using FocalSharp.TestSupport.Fuzzing;

namespace FocalSharp.Imaging.Tests.Codecs;

/// <summary>
/// The decoders. Sizes are read from headers before memory is allocated, so the memory of an image is bounded by the allowed pixels: four
/// bytes per pixel while decoding, and three that are returned or four to rotate it, for each of three ways in. Native memory is not counted.
/// </summary>
public sealed class ImageDecoderFuzzTests
{
    private const long MaxPixels = 200_000;
    private static readonly ImageDecodeOptions Options = new() { MaxPixels = MaxPixels };
    private static readonly MemoryLimit Bound = new((1 << 20) + (24 * MaxPixels), 8);

    public static TheoryData<string> Formats => ["jpeg", "png", "bmp", "gif", "webp", "tiff", "png16"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Images_are_decoded_or_refused(string format)
    {
        byte[][] seeds = Seeds(format);
        Fuzzer.Run(seeds, [[0xFF, 0xD8], [0xFF, 0xC4], [0xFF, 0xDA], [0xFF, 0xD9], [(byte)'I', (byte)'D', (byte)'A', (byte)'T']], Decode, Bound);
    }

    private static void Decode(byte[] bytes)
    {
        Attempt(() => ImageDecoder.ReadSize(bytes));
        Attempt(() => ImageDecoder.DecodeReduced(bytes, 32, Options));
        Attempt(() => ImageDecoder.Decode(bytes, Options with { StretchRange = true }));
        Attempt(() => ImageDecoder.DecodeInto(new PixelBuffer(), bytes, Options));
        Attempt(() => DecodePngByRows(bytes));
        RgbImage image = ImageDecoder.Decode(bytes, Options);
        Assert.InRange((long)image.Width * image.Height, 1, MaxPixels);
        Fingerprinter.ComputeFromPixels(image);
    }

    private static void DecodePngByRows(byte[] bytes)
    {
        ImageHeaderInfo info = PixelDecoder.ReadHeader(bytes, "image", Options, bytesPerPixel: 3);
        if (info.Format == ImageFormat.Png)
        {
            PngRowDecoder.Decode(bytes, info, new byte[info.StoredSize.Pixels * 3], bytesPerPixel: 3, "image", Options);
        }
    }

    // Each way in must refuse by itself; the last refusal is the test's.
    private static void Attempt(Action read)
    {
        try
        {
            read();
        }
        catch (ImageException exception)
        {
            Assert.NotEmpty(exception.Message);
        }
    }

    private static byte[][] Seeds(string format)
    {
        RgbImage noise = TestImages.Noise(40, 30);
        RgbImage plain = TestImages.Solid(64, 50, new RgbColor(10, 20, 30));
        return format switch
        {
            "jpeg" => [Encode(noise, (image, stream) => ImageEncoder.SaveJpeg(image, stream)), Encode(plain, (image, stream) => ImageEncoder.SaveJpeg(image, stream))],
            "png" => [Encode(noise, ImageEncoder.SavePng), Encode(plain, ImageEncoder.SavePng)],
            "webp" => [Skia(noise, SkiaSharp.SKEncodedImageFormat.Webp, 100), Skia(noise, SkiaSharp.SKEncodedImageFormat.Webp, 50)],
            "bmp" => [Bitmap(16, 12)],
            "tiff" =>
            [
                TiffFiles.Blocks(6), TiffFiles.Blocks(1, BitMiracle.LibTiff.Classic.Compression.ADOBE_DEFLATE, "wb"), TiffDecoderTests.Gray16(1, 2, 3),
            ],
            "png16" => [HandWrittenImages.Png(3, 1, 16, 0, [0, 1, 0, 2, 0, 0x0F, 0xFF])],
            _ => [Convert.FromBase64String("R0lGODlhAgACAPAAAP8AAAAA/yH5BAAAAAAALAAAAAACAAIAAAIDRAJRADs=")],
        };
    }

    private static byte[] Encode(RgbImage image, Action<RgbImage, Stream> save)
    {
        using MemoryStream stream = new();
        save(image, stream);
        return stream.ToArray();
    }

    private static byte[] Skia(RgbImage image, SkiaSharp.SKEncodedImageFormat format, int quality)
    {
        using SkiaSharp.SKBitmap bitmap = SkiaSharp.SKBitmap.Decode(Encode(image, ImageEncoder.SavePng));
        using SkiaSharp.SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    private static byte[] Bitmap(int width, int height)
    {
        byte[] bytes = new byte[54 + (width * 3 * height)];
        "BM"u8.CopyTo(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(2), bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(10), 54);
        BitConverter.TryWriteBytes(bytes.AsSpan(14), 40);
        BitConverter.TryWriteBytes(bytes.AsSpan(18), width);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), height);
        BitConverter.TryWriteBytes(bytes.AsSpan(26), (short)1);
        BitConverter.TryWriteBytes(bytes.AsSpan(28), (short)24);
        return bytes;
    }
}
