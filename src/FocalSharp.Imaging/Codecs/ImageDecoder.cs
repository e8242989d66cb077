using SkiaSharp;

namespace FocalSharp.Imaging.Codecs;

/// <summary>
/// Reads JPEG, PNG, BMP, GIF (first frame) and WebP into 8-bit RGB.
/// </summary>
/// <remarks>
/// <para>Pixels come as the field's pipelines read them (OpenCV's <c>IMREAD_COLOR</c>): grey is repeated over the three channels,
/// 16-bit samples keep their upper byte, colour profiles are not applied, and an alpha channel is dropped, so a transparent
/// pixel keeps the colour that the file stores under it. JPEG goes through libjpeg-turbo with its accurate transform and smooth
/// chroma, as there.</para>
/// <para>Files are not trusted: their size in bytes and in pixels is bounded before memory is taken, and whatever is
/// wrong with one ends in a <see cref="FocalSharpException"/> that names it.</para>
/// </remarks>
public static class ImageDecoder
{
    /// <summary>Reads an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Bounds and choices; null takes the defaults.</param>
    /// <exception cref="FocalSharpException">The file is absent, unreadable, empty, truncated, too large or no image.</exception>
    public static RgbImage Decode(string path, ImageDecodeOptions? options = null)
    {
        options ??= ImageDecodeOptions.Default;
        return Decode(EncodedImageReader.Read(path, options.MaxBytes), path, options);
    }

    /// <summary>Reads an image from a stream, from its position to its end.</summary>
    /// <param name="stream">The encoded image; it need not be seekable and stays open.</param>
    /// <param name="options">Bounds and choices; null takes the defaults.</param>
    /// <param name="name">What messages call the image.</param>
    /// <exception cref="FocalSharpException">The image is empty, truncated, too large or no image.</exception>
    public static RgbImage Decode(Stream stream, ImageDecodeOptions? options = null, string name = "image")
    {
        options ??= ImageDecodeOptions.Default;
        return Decode(EncodedImageReader.Read(stream, name, options.MaxBytes), name, options);
    }

    /// <summary>Reads an image from memory.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="options">Bounds and choices; null takes the defaults.</param>
    /// <param name="name">What messages call the image.</param>
    /// <exception cref="FocalSharpException">The image is empty, truncated, too large or no image.</exception>
    public static unsafe RgbImage Decode(ReadOnlySpan<byte> encoded, ImageDecodeOptions? options = null, string name = "image")
    {
        options ??= ImageDecodeOptions.Default;
        EncodedImageReader.RequireLength(encoded.Length, name, options.MaxBytes);
        fixed (byte* bytes = encoded)
        {
            return Decode(SKData.Create((nint)bytes, encoded.Length), name, options);
        }
    }

    /// <summary>Reads an image file into memory that is used again.</summary>
    /// <param name="target">Takes the image.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Bounds and choices; null takes the defaults.</param>
    /// <exception cref="FocalSharpException">The file is absent, unreadable, empty, truncated, too large or no image.</exception>
    public static void DecodeInto(PixelBuffer target, string path, ImageDecodeOptions? options = null)
    {
        options ??= ImageDecodeOptions.Default;
        target.Reset();
        int length = EncodedImageReader.Read(path, target, options.MaxBytes);
        DecodeInto(target, target.GetEncodedBuffer(length)[..length], options, path);
    }

    /// <summary>Reads an image from a stream, from its position to its end, into memory that is used again.</summary>
    /// <param name="target">Takes the image.</param>
    /// <param name="stream">The encoded image; it need not be seekable and stays open.</param>
    /// <param name="options">Bounds and choices; null takes the defaults.</param>
    /// <param name="name">What messages call the image.</param>
    /// <exception cref="FocalSharpException">The image is empty, truncated, too large or no image.</exception>
    public static void DecodeInto(PixelBuffer target, Stream stream, ImageDecodeOptions? options = null, string name = "image")
    {
        options ??= ImageDecodeOptions.Default;
        target.Reset();
        int length = EncodedImageReader.Read(stream, name, target, options.MaxBytes);
        DecodeInto(target, target.GetEncodedBuffer(length)[..length], options, name);
    }

    /// <summary>Reads an image from memory into memory that is used again.</summary>
    /// <param name="target">Takes the image.</param>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="options">Bounds and choices; null takes the defaults.</param>
    /// <param name="name">What messages call the image.</param>
    /// <exception cref="FocalSharpException">The image is empty, truncated, too large or no image.</exception>
    public static unsafe void DecodeInto(PixelBuffer target, ReadOnlySpan<byte> encoded, ImageDecodeOptions? options = null, string name = "image")
    {
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
    /// Reads an image at a fraction of its size where its format can be decoded so (JPEG, down to an eighth), else whole; it is read to its
    /// end in any case.
    /// </summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="minSide">Neither side becomes smaller than this, unless the image is.</param>
    /// <param name="options">Bounds and choices; null takes the defaults.</param>
    /// <param name="name">What messages call the image.</param>
    /// <exception cref="FocalSharpException">The image is empty, truncated, too large or no image.</exception>
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

    /// <summary>Reads an image's size from its header, without decoding it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Says whether the size is that of the oriented image; null takes the defaults (it is).</param>
    /// <exception cref="FocalSharpException">The file is absent, unreadable, empty or no image.</exception>
    public static ImageSize ReadSize(string path, ImageDecodeOptions? options = null)
    {
        EncodedImageReader.RequireFile(path);
        using SKCodec? codec = SKCodec.Create(path, out SKCodecResult result);
        if (codec is null)
        {
            throw EncodedImageReader.CreateUnreadableException(path, result, new FileInfo(path).Length);
        }

        return GetSize(codec, options);
    }

    /// <summary>Reads an image's size from its header, without decoding it.</summary>
    /// <param name="encoded">The encoded image; it is not copied.</param>
    /// <param name="options">Says whether the size is that of the oriented image; null takes the defaults (it is).</param>
    /// <param name="name">What messages call the image.</param>
    /// <exception cref="FocalSharpException">The bytes are empty or no image.</exception>
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
            return full; // WebP would be shrunk too, but with a filter of its own
        }

        foreach (float share in (ReadOnlySpan<float>)[0.125f, 0.25f, 0.5f])
        {
            SKSizeI size = codec.GetScaledDimensions(share);
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
        throw new FocalSharpException(
            $"{name}: {size} is {size.Pixels / 1e6:0.#} million pixels, more than the {options.MaxPixels / 1e6:0.#} million allowed. "
            + "Shrink or tile the image, or raise the limit.");
    }

    private static unsafe void DecodePixels(SKCodec codec, ImageSize size, Span<byte> rgba, string name, ImageDecodeOptions options)
    {
        // No colour space: Skia then converts none. Unpremultiplied: colours under alpha stay as stored.
        SKAlphaType alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        SKImageInfo info = new(size.Width, size.Height, SKColorType.Rgba8888, alpha);

        // A whole JPEG writes every pixel; other formats may leave some, and memory that is used again holds the last image.
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
