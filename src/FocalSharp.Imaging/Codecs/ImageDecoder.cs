using SkiaSharp;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Decodes JPEG, PNG, BMP, GIF (first frame) and WebP images to 8-bit RGB.</summary>
/// <remarks>
/// <para>The pixels equal those of OpenCV's <c>IMREAD_COLOR</c>: gray is repeated over the three channels, 16-bit samples are reduced to their
/// upper byte, color profiles are not applied, and an alpha channel is dropped, so a transparent pixel has the color stored in the file.
/// JPEG is decoded by libjpeg-turbo with its accurate transform and smooth chroma.</para>
/// <para>Files are untrusted: their size in bytes and in pixels is checked before memory is allocated, and any problem throws an
/// <see cref="ImageException"/> that names the image.</para>
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
        return Decode(EncodedImageReader.Read(path, options.MaxBytes), path, options);
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
        return Decode(EncodedImageReader.Read(stream, name, options.MaxBytes), name, options);
    }

    /// <summary>Decodes an image from memory.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="options">Limits and orientation; null for the defaults.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <exception cref="ImageException">The image is empty, truncated, too large or not an image.</exception>
    public static unsafe RgbImage Decode(ReadOnlySpan<byte> encoded, ImageDecodeOptions? options = null, string name = "image")
    {
        options ??= ImageDecodeOptions.Default;
        EncodedImageReader.RequireLength(encoded.Length, name, options.MaxBytes);
        fixed (byte* bytes = encoded)
        {
            return Decode(SKData.Create((nint)bytes, encoded.Length), name, options);
        }
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
    internal static unsafe void DecodeInto(PixelBuffer target, ReadOnlySpan<byte> encoded, ImageDecodeOptions? options = null, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= ImageDecodeOptions.Default;
        target.Reset();
        EncodedImageReader.RequireLength(encoded.Length, name, options.MaxBytes);
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = Open(data, name, options);
            ImageSize size = new(codec.Info.Width, codec.Info.Height);
            try
            {
                DecodePixels(codec, size, target.Reserve(size.Width, size.Height), name, options);
            }
            catch
            {
                target.Reset();
                throw;
            }

            if (options.ApplyOrientation)
            {
                target.ApplyOrientation(codec.EncodedOrigin);
            }
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
    public static unsafe RgbImage DecodeReduced(ReadOnlySpan<byte> encoded, int minSide, ImageDecodeOptions? options = null, string name = "image")
    {
        options ??= ImageDecodeOptions.Default;
        EncodedImageReader.RequireLength(encoded.Length, name, options.MaxBytes);
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = Open(data, name, options);
            return DecodeToImage(codec, GetReducedSize(codec, minSide), name, options);
        }
    }

    /// <summary>Reads the size of an image from its header, without decoding it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Whether the size is that of the oriented image; null for the defaults (it is).</param>
    /// <exception cref="ImageException">The file is missing, unreadable, empty or not an image.</exception>
    public static ImageSize ReadSize(string path, ImageDecodeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        EncodedImageReader.RequireFile(path);
        using SKCodec? codec = SKCodec.Create(path, out SKCodecResult result);
        if (codec is null)
        {
            throw EncodedImageReader.CreateUnreadableException(path, result, new FileInfo(path).Length);
        }

        return GetSize(codec, options);
    }

    /// <summary>Reads the size of an image from its header, without decoding it.</summary>
    /// <param name="encoded">The encoded image; it is not copied.</param>
    /// <param name="options">Whether the size is that of the oriented image; null for the defaults (it is).</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <exception cref="ImageException">The bytes are empty or not an image.</exception>
    public static unsafe ImageSize ReadSize(ReadOnlySpan<byte> encoded, ImageDecodeOptions? options = null, string name = "image")
    {
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec? codec = encoded.IsEmpty ? null : SKCodec.Create(data);
            return codec is null ? throw EncodedImageReader.CreateUnreadableException(name, SKCodecResult.Unimplemented, encoded.Length) : GetSize(codec, options);
        }
    }

    private static ImageSize GetSize(SKCodec codec, ImageDecodeOptions? options)
    {
        ImageSize stored = new(codec.Info.Width, codec.Info.Height);
        return (options ?? ImageDecodeOptions.Default).ApplyOrientation && Orientation.Transposes(codec.EncodedOrigin)
            ? stored.Transposed
            : stored;
    }

    private static RgbImage Decode(SKData data, string name, ImageDecodeOptions options)
    {
        using (data)
        using (SKCodec codec = Open(data, name, options))
        {
            return DecodeToImage(codec, new ImageSize(codec.Info.Width, codec.Info.Height), name, options);
        }
    }

    private static RgbImage DecodeToImage(SKCodec codec, ImageSize size, string name, ImageDecodeOptions options)
    {
        int length = checked((int)(size.Pixels * 4));
        using DecodeBuffer rgba = new(length);
        DecodePixels(codec, size, rgba.Span, name, options);
        RgbImage image = new(size.Width, size.Height);
        PixelPacking.RgbaToRgb(rgba.Span, image.Pixels);
        return options.ApplyOrientation ? Orientation.Apply(image, codec.EncodedOrigin) : image;
    }

    private static ImageSize GetReducedSize(SKCodec codec, int minSide)
    {
        ImageSize full = new(codec.Info.Width, codec.Info.Height);
        if (codec.EncodedFormat is not SKEncodedImageFormat.Jpeg)
        {
            return full; // WebP would be reduced too, but with another filter
        }

        foreach (float scale in (ReadOnlySpan<float>)[0.125f, 0.25f, 0.5f])
        {
            SKSizeI size = codec.GetScaledDimensions(scale);
            if (size.Width >= minSide && size.Height >= minSide && size.Width <= full.Width && size.Height <= full.Height)
            {
                return new ImageSize(size.Width, size.Height);
            }
        }

        return full;
    }

    private static SKCodec Open(SKData data, string name, ImageDecodeOptions options)
    {
        SKCodec codec = SKCodec.Create(data) ?? throw EncodedImageReader.CreateUnreadableException(name, SKCodecResult.Unimplemented, data.Size);
        ImageSize size = new(codec.Info.Width, codec.Info.Height);
        if (size.Pixels <= options.MaxPixels)
        {
            return codec;
        }

        codec.Dispose();
        throw new ImageException(
            $"{name}: {size} is {size.Pixels / 1e6:0.#} million pixels, more than the {options.MaxPixels / 1e6:0.#} million allowed. "
            + "Resize or tile the image, or raise MaxPixels.");
    }

    private static unsafe void DecodePixels(SKCodec codec, ImageSize size, Span<byte> rgba, string name, ImageDecodeOptions options)
    {
        // Without a color space Skia converts none. Unpremultiplied: colors under alpha stay as stored.
        SKAlphaType alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        SKImageInfo info = new(size.Width, size.Height, SKColorType.Rgba8888, alpha);

        // A complete JPEG writes every pixel; other formats may not, and a reused buffer contains the previous image.
        if (options.AllowTruncated || codec.EncodedFormat is not SKEncodedImageFormat.Jpeg)
        {
            rgba.Clear();
        }

        SKCodecResult result;
        fixed (byte* pixels = rgba)
        {
            result = codec.GetPixels(info, (nint)pixels, info.RowBytes, SKCodecOptions.Default);
        }

        if (result is not SKCodecResult.Success && !(result is SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput && options.AllowTruncated))
        {
            throw EncodedImageReader.CreateDamagedException(name, result);
        }
    }
}
