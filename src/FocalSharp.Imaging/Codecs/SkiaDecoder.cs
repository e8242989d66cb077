using FocalSharp.Datasets.Files;
using SkiaSharp;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Decodes JPEG, PNG, BMP, GIF and WebP as stored, without orientation.</summary>
internal static unsafe class SkiaDecoder
{
    /// <summary>Decodes into four bytes per pixel.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="info">Its header.</param>
    /// <param name="size">The stored size, or a reduced one of <see cref="GetReducedSize"/>.</param>
    /// <param name="rgba">Receives the pixels.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <param name="options">The options.</param>
    public static void Decode(
        ReadOnlySpan<byte> encoded, ImageHeaderInfo info, ImageSize size, Span<byte> rgba, string name, ImageDecodeOptions options)
    {
        SkiaLibrary.Check.EnsureLoaded();
        fixed (byte* bytes = encoded)
        fixed (byte* pixels = rgba)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = Open(data, info, name);
            SKImageInfo target = GetTarget(codec, info, size, options);

            // A complete JPEG writes every pixel; other formats may not, and a reused buffer contains the previous image.
            if (options.AllowTruncated || info.Format is not ImageFormat.Jpeg)
            {
                rgba.Clear();
            }

            SKCodecResult result = codec.GetPixels(target, (nint)pixels, target.RowBytes, SKCodecOptions.Default);
            if (result is not SKCodecResult.Success && !(result is SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput && options.AllowTruncated))
            {
                throw EncodedImageReader.CreateDamagedException(name, result);
            }
        }
    }

    /// <summary>
    /// Decodes into three bytes per pixel some rows at a time, which takes no memory but the image's. Returns false if the format or the file
    /// does not allow it, such as an interlaced PNG.
    /// </summary>
    public static bool TryDecodeRows(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, Span<byte> rgb, string name, ImageDecodeOptions options)
    {
        const int RowsAtOnce = 16;
        SkiaLibrary.Check.EnsureLoaded();
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = Open(data, info, name);
            (int width, int height) = (info.StoredSize.Width, info.StoredSize.Height);
            SKImageInfo target = GetTarget(codec, info, info.StoredSize, options);
            if (codec.StartScanlineDecode(target) is not SKCodecResult.Success || codec.ScanlineOrder is not SKCodecScanlineOrder.TopDown)
            {
                return false;
            }

            using DecodeBuffer rows = new(checked(target.RowBytes * RowsAtOnce));
            rows.Span.Clear();
            fixed (byte* pixels = rows.Span)
            {
                for (int y = 0; y < height; y += RowsAtOnce)
                {
                    int count = Math.Min(RowsAtOnce, height - y);
                    int read = codec.GetScanlines((nint)pixels, count, target.RowBytes);
                    if (read < count && !options.AllowTruncated)
                    {
                        throw EncodedImageReader.CreateDamagedException(name, SKCodecResult.IncompleteInput);
                    }

                    PixelPacking.RgbaToRgb(rows.Span[..(count * target.RowBytes)], rgb.Slice(y * width * 3, count * width * 3));
                }
            }

            return true;
        }
    }

    /// <summary>Returns the smallest size, with sides of at least a minimum, at which an image can be decoded.</summary>
    public static ImageSize GetReducedSize(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, int minSide, string name)
    {
        ImageSize full = info.StoredSize;
        if (info.Format is not ImageFormat.Jpeg)
        {
            return full; // WebP would be reduced too, but with another filter
        }

        SkiaLibrary.Check.EnsureLoaded();
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = Open(data, info, name);
            foreach (float scale in (ReadOnlySpan<float>)[0.125f, 0.25f, 0.5f])
            {
                SKSizeI size = codec.GetScaledDimensions(scale);
                if (size.Width >= minSide && size.Height >= minSide && size.Width <= full.Width && size.Height <= full.Height)
                {
                    return new ImageSize(size.Width, size.Height);
                }
            }
        }

        return full;
    }

    // Without a color space Skia converts none. Unpremultiplied: colors under alpha stay as stored.
    private static SKImageInfo GetTarget(SKCodec codec, ImageHeaderInfo info, ImageSize size, ImageDecodeOptions options)
    {
        SKAlphaType alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        SKColorSpace? colors = options.ConvertColors && info is { HasColorProfile: true, IsCmyk: false } ? ColorProfile.GetTarget(codec.Info.ColorSpace) : null;
        return new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha, colors);
    }

    private static SKCodec Open(SKData data, ImageHeaderInfo info, string name)
    {
        SKCodec codec = SKCodec.Create(data) ?? throw EncodedImageReader.CreateDamagedException(name, SKCodecResult.InvalidInput);
        ImageSize size = new(codec.Info.Width, codec.Info.Height);
        if (size == info.StoredSize)
        {
            return codec;
        }

        codec.Dispose();
        throw new ImageException($"{name}: its header says {info.StoredSize}, but the pixels are {size}. The file is damaged; save it again.");
    }
}
