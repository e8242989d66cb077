using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Decodes pixels as stored, without orientation, with the decoder of the image's format.</summary>
internal static class PixelDecoder
{
    // From here on, four bytes per pixel beside the image would be much: 200 MB.
    private const long MinRowWisePixels = 50_000_000;

    /// <summary>Reads the header, and checks the size before any pixel is allocated.</summary>
    public static ImageHeaderInfo ReadHeader(ReadOnlySpan<byte> encoded, string name, ImageDecodeOptions options, int bytesPerPixel)
    {
        ImageHeaderInfo info = ReadHeader(encoded, name);
        ImageSize size = info.StoredSize;
        bytesPerPixel = info.Format is ImageFormat.Tiff or ImageFormat.Jpeg or ImageFormat.Png ? bytesPerPixel : 4; // others write four bytes first
        return size.Pixels > options.MaxPixels
            ? throw new ImageException(
                $"{name}: {size} is {size.Pixels / 1e6:0.#} million pixels, more than the {options.MaxPixels / 1e6:0.#} million allowed. "
                + "Resize or tile the image, or raise MaxPixels.")
            : size.Pixels * bytesPerPixel > Array.MaxLength
            ? throw new ImageException(
                $"{name}: {size} is {size.Pixels / 1e6:0.#} million pixels; an image in memory has at most {Array.MaxLength / bytesPerPixel / 1e6:0} million. "
                + "Larger ones are read by rows: save it upright, as TIFF or as PNG without interlacing. Or resize or tile it.")
            : info;
    }

    /// <summary>Reads the header.</summary>
    public static unsafe ImageHeaderInfo ReadHeader(ReadOnlySpan<byte> encoded, string name)
    {
        fixed (byte* bytes = encoded)
        {
            if (encoded.IsEmpty)
            {
                throw EncodedImageReader.CreateUnreadableException(name, encoded);
            }

            using UnmanagedMemoryStream stream = new(bytes, encoded.Length);
            return ImageHeader.TryReadInfo(stream) ?? throw EncodedImageReader.CreateUnreadableException(name, encoded);
        }
    }

    /// <summary>Decodes all pixels.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="info">Its header.</param>
    /// <param name="pixels">Receives the pixels.</param>
    /// <param name="bytesPerPixel">3 for RGB; 4 for RGB and a byte that is ignored.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <param name="options">The options.</param>
    public static void Decode(
        ReadOnlySpan<byte> encoded, ImageHeaderInfo info, Span<byte> pixels, int bytesPerPixel, string name, ImageDecodeOptions options)
    {
        switch (info.Format)
        {
            case ImageFormat.Tiff:
                TiffDecoder.Decode(encoded, info, pixels, bytesPerPixel, name, options);
                break;
            case ImageFormat.Heic or ImageFormat.Avif:
                HeifDecoder.Decode(encoded, info, pixels, bytesPerPixel, name, options);
                break;
            case ImageFormat.Png when (info.BitsPerSample == 16 && options.StretchRange)
                || (info.StoredSize.Pixels >= MinRowWisePixels && !info.HasColorProfile && bytesPerPixel == 3):
                PngRowDecoder.Decode(encoded, info, pixels, bytesPerPixel, name, options);
                break;
            case var _ when bytesPerPixel == 4:
                SkiaDecoder.Decode(encoded, info, info.StoredSize, pixels, name, options);
                break;
            case var _ when info.StoredSize.Pixels >= MinRowWisePixels && SkiaDecoder.TryDecodeRows(encoded, info, pixels, name, options):
                break;
            default:
                if (info.StoredSize.Pixels * 4 > Array.MaxLength)
                {
                    throw new ImageException($"{name}: {info.StoredSize} is too large for this kind of file. Save it as TIFF, or without interlacing.");
                }

                using (DecodeBuffer rgba = new(checked((int)(info.StoredSize.Pixels * 4))))
                {
                    SkiaDecoder.Decode(encoded, info, info.StoredSize, rgba.Span, name, options);
                    PixelPacking.RgbaToRgb(rgba.Span, pixels);
                }

                break;
        }
    }

    /// <summary>Returns the range of the samples of an image with more than 8 bits; null for others, and if it cannot be read.</summary>
    public static SampleRange? MeasureRange(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, string name) => info switch
    {
        { Format: ImageFormat.Tiff, BitsPerSample: > 8 } => TiffDecoder.MeasureRange(encoded, info, name),
        { Format: ImageFormat.Png, BitsPerSample: 16 } => PngRowDecoder.MeasureRange(encoded, info, name),
        _ => null,
    };
}
