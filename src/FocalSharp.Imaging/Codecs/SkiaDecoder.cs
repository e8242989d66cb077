using FocalSharp.Datasets.Files;
using FocalSharp.Imaging.Codecs.Rows;
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
            using SKCodec codec = Open(SKCodec.Create(data), info, name);
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
        SkiaLibrary.Check.EnsureLoaded();
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SkiaRowReader? reader = SkiaRowReader.TryOpen(data, info, name, options);
            int rowBytes = info.StoredSize.Width * 3;
            for (int y = 0; reader is not null && y < info.StoredSize.Height; y++)
            {
                reader.ReadRow(rgb.Slice(y * rowBytes, rowBytes));
            }

            return reader is not null;
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
            using SKCodec codec = Open(SKCodec.Create(data), info, name);
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

    /// <summary>Returns the target of decoding. Without a color space Skia converts none; unpremultiplied: colors under alpha stay as stored.</summary>
    public static SKImageInfo GetTarget(SKCodec codec, ImageHeaderInfo info, ImageSize size, ImageDecodeOptions options)
    {
        SKAlphaType alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        SKColorSpace? colors = options.ConvertColors && info is { HasColorProfile: true, IsCmyk: false } ? ColorProfile.GetTarget(codec.Info.ColorSpace) : null;
        return new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha, colors);
    }

    /// <summary>Returns a codec whose size is that of the header.</summary>
    /// <param name="codec">The codec; null if Skia recognizes no image.</param>
    /// <param name="info">The header.</param>
    /// <param name="name">The image's name in error messages.</param>
    public static SKCodec Open(SKCodec? codec, ImageHeaderInfo info, string name)
    {
        if (codec is null)
        {
            throw EncodedImageReader.CreateDamagedException(name, SKCodecResult.InvalidInput);
        }

        ImageSize size = new(codec.Info.Width, codec.Info.Height);
        if (size == info.StoredSize)
        {
            return codec;
        }

        codec.Dispose();
        throw new ImageException($"{name}: its header says {info.StoredSize}, but the pixels are {size}. The file is damaged; save it again.");
    }
}
