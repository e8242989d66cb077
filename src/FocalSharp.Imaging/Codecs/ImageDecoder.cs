using FocalSharp.Datasets.Files;
using SkiaSharp;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Decodes JPEG, PNG, BMP, GIF, WebP, TIFF, HEIC and AVIF images to 8-bit RGB; of animations the first frame, of TIFF files the first page.</summary>
/// <remarks>
/// <para>The pixels equal those of OpenCV's <c>IMREAD_COLOR</c>: gray is repeated over the three channels, 16-bit samples are reduced to their
/// upper byte, and an alpha channel is dropped, so a transparent pixel has the color stored in the file. JPEG is decoded by libjpeg-turbo
/// with its accurate transform and smooth chroma; CMYK becomes (255 - C)(255 - K) / 255 and so on. Unlike OpenCV, colors with an ICC profile
/// other than sRGB are converted to sRGB, and the orientation is applied in every format that has one. Floating-point and 32-bit TIFF
/// samples are scaled from the smallest of 0 to 1, 255, 65535 and 2^32 - 1 that contains the image's highest value.</para>
/// <para>Files are untrusted: their size in bytes and in pixels is checked before memory is allocated, and any problem throws an
/// <see cref="ImageException"/> that names the image. Size and orientation come from the same header reader as those of data sets.</para>
/// <para>HEIC and AVIF need the package <c>FocalSharp.Imaging.Heif</c>.</para>
/// </remarks>
public static class ImageDecoder
{
    /// <summary>Decodes an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits and orientation; null for the defaults.</param>
    /// <exception cref="ImageException">The file is missing, unreadable, empty, truncated, too large or not an image.</exception>
    public static RgbImage Decode(string path, ImageDecodeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= ImageDecodeOptions.Default;
        using SKData data = EncodedImageReader.Read(path, options.MaxBytes);
        return Decode(data.AsSpan(), options, path);
    }

    /// <summary>Decodes an image from a stream, from its position to its end.</summary>
    /// <param name="stream">The encoded image; it need not be seekable and stays open.</param>
    /// <param name="options">Limits and orientation; null for the defaults.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <exception cref="ImageException">The image is empty, truncated, too large or not an image.</exception>
    public static RgbImage Decode(Stream stream, ImageDecodeOptions? options = null, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= ImageDecodeOptions.Default;
        using SKData data = EncodedImageReader.Read(stream, name, options.MaxBytes);
        return Decode(data.AsSpan(), options, name);
    }

    /// <summary>Decodes an image from memory.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="options">Limits and orientation; null for the defaults.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <exception cref="ImageException">The image is empty, truncated, too large or not an image.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> encoded, ImageDecodeOptions? options = null, string name = "image")
    {
        options ??= ImageDecodeOptions.Default;
        EncodedImageReader.RequireLength(encoded.Length, name, options.MaxBytes);
        ImageHeaderInfo info = PixelDecoder.ReadHeader(encoded, name, options, bytesPerPixel: 3);
        return Decode(encoded, info, name, options);
    }

    /// <summary>Decodes an image file into a reusable buffer.</summary>
    /// <param name="target">The buffer that receives the image.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits and orientation; null for the defaults.</param>
    /// <exception cref="ImageException">The file is missing, unreadable, empty, truncated, too large or not an image.</exception>
    internal static void DecodeInto(PixelBuffer target, string path, ImageDecodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= ImageDecodeOptions.Default;
        target.Reset();
        int length = EncodedImageReader.Read(path, target, options.MaxBytes);
        DecodeInto(target, target.GetEncodedBuffer(length)[..length], options, path);
    }

    /// <summary>Decodes an image from a stream, from its position to its end, into a reusable buffer.</summary>
    /// <param name="target">The buffer that receives the image.</param>
    /// <param name="stream">The encoded image; it need not be seekable and stays open.</param>
    /// <param name="options">Limits and orientation; null for the defaults.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <exception cref="ImageException">The image is empty, truncated, too large or not an image.</exception>
    internal static void DecodeInto(PixelBuffer target, Stream stream, ImageDecodeOptions? options = null, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= ImageDecodeOptions.Default;
        target.Reset();
        int length = EncodedImageReader.Read(stream, name, target, options.MaxBytes);
        DecodeInto(target, target.GetEncodedBuffer(length)[..length], options, name);
    }

    /// <summary>Decodes an image from memory into a reusable buffer.</summary>
    /// <param name="target">The buffer that receives the image.</param>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="options">Limits and orientation; null for the defaults.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <exception cref="ImageException">The image is empty, truncated, too large or not an image.</exception>
    internal static void DecodeInto(PixelBuffer target, ReadOnlySpan<byte> encoded, ImageDecodeOptions? options = null, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= ImageDecodeOptions.Default;
        target.Reset();
        EncodedImageReader.RequireLength(encoded.Length, name, options.MaxBytes);
        ImageHeaderInfo info = PixelDecoder.ReadHeader(encoded, name, options, bytesPerPixel: 4);
        try
        {
            PixelDecoder.Decode(encoded, info, target.Reserve(info.StoredSize.Width, info.StoredSize.Height), bytesPerPixel: 4, name, options);
        }
        catch
        {
            target.Reset();
            throw;
        }

        if (options.ApplyOrientation)
        {
            target.ApplyOrientation(info.Orientation);
        }
    }

    /// <summary>
    /// Decodes an image at a fraction of its size if its format allows it (JPEG, down to an eighth), else at full size. The image is always
    /// read to its end.
    /// </summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="minSide">The smallest side of the result, unless the image is smaller.</param>
    /// <param name="options">Limits and orientation; null for the defaults.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <exception cref="ImageException">The image is empty, truncated, too large or not an image.</exception>
    public static RgbImage DecodeReduced(ReadOnlySpan<byte> encoded, int minSide, ImageDecodeOptions? options = null, string name = "image")
    {
        options ??= ImageDecodeOptions.Default;
        EncodedImageReader.RequireLength(encoded.Length, name, options.MaxBytes);
        ImageHeaderInfo info = PixelDecoder.ReadHeader(encoded, name, options, bytesPerPixel: 3);
        ImageSize size = SkiaDecoder.GetReducedSize(encoded, info, minSide, name);
        if (size == info.StoredSize)
        {
            return Decode(encoded, info, name, options);
        }

        using DecodeBuffer rgba = new(checked((int)(size.Pixels * 4)));
        SkiaDecoder.Decode(encoded, info, size, rgba.Span, name, options);
        RgbImage image = new(size.Width, size.Height);
        PixelPacking.RgbaToRgb(rgba.Span, image.Pixels);
        return options.ApplyOrientation ? Orientation.Apply(image, info.Orientation) : image;
    }

    /// <summary>Reads the size of an image from its header, without decoding it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Whether the size is that of the oriented image; null for the defaults (it is).</param>
    /// <exception cref="ImageException">The file is missing, unreadable, empty or not an image.</exception>
    public static ImageSize ReadSize(string path, ImageDecodeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        EncodedImageReader.RequireFile(path);
        return GetSize(ImageHeader.TryReadInfo(path) ?? throw EncodedImageReader.CreateUnreadableException(path), options);
    }

    /// <summary>Reads the size of an image from its header, without decoding it.</summary>
    /// <param name="encoded">The encoded image; it is not copied.</param>
    /// <param name="options">Whether the size is that of the oriented image; null for the defaults (it is).</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <exception cref="ImageException">The bytes are empty or not an image.</exception>
    public static ImageSize ReadSize(ReadOnlySpan<byte> encoded, ImageDecodeOptions? options = null, string name = "image") =>
        GetSize(PixelDecoder.ReadHeader(encoded, name), options);

    private static ImageSize GetSize(ImageHeaderInfo info, ImageDecodeOptions? options) =>
        (options ?? ImageDecodeOptions.Default).ApplyOrientation ? info.DisplaySize : info.StoredSize;

    private static RgbImage Decode(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, string name, ImageDecodeOptions options)
    {
        RgbImage image = new(info.StoredSize.Width, info.StoredSize.Height);
        PixelDecoder.Decode(encoded, info, image.Pixels, bytesPerPixel: 3, name, options);
        return options.ApplyOrientation ? Orientation.Apply(image, info.Orientation) : image;
    }
}
