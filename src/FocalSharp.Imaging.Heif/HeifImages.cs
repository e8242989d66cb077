using FocalSharp.Datasets.Files;
using FocalSharp.Imaging.Codecs;
using ImageMagick;

namespace FocalSharp.Imaging.Heif;

/// <summary>Adds HEIC and AVIF, the formats of phones, to the images that FocalSharp reads.</summary>
public static class HeifImages
{
    /// <summary>
    /// Makes HEIC and AVIF readable in this process. The decoder, ImageMagick, is loaded when the first such image is read; other formats never
    /// reach it.
    /// </summary>
    public static void Enable() => HeifDecoder.Decoder = Decode;

    private static void Decode(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, Span<byte> rgb, string name, ImageDecodeOptions options)
    {
        try
        {
            // The format is fixed, so that no other decoder of ImageMagick sees the file.
            MagickReadSettings settings = new() { Format = info.Format == ImageFormat.Avif ? MagickFormat.Avif : MagickFormat.Heic };
            using MagickImage image = new(encoded, settings);
            ImageSize size = new((int)image.Width, (int)image.Height);
            if (size != info.DisplaySize)
            {
                throw new ImageException(
                    $"{name}: its header says {info.DisplaySize}, but the decoder finds {size}: it is damaged, or an image sequence. Convert it to JPEG.");
            }

            using IUnsafePixelCollection<byte> pixels = image.GetPixelsUnsafe();
            byte[] values = pixels.ToByteArray(PixelMapping.RGB) ?? throw new ImageException($"{name}: the image has no pixels.");
            values.CopyTo(rgb);
            if (options.ConvertColors && image.GetColorProfile() is { } profile)
            {
                Codecs.ColorProfile.ConvertToSrgb(rgb, size.Width, bytesPerPixel: 3, profile.ToByteArray());
            }
        }
        catch (MagickException exception)
        {
            throw new ImageException(
                $"{name}: the {(info.Format == ImageFormat.Avif ? "AVIF" : "HEIC")} image is damaged or truncated. Copy it again from its source, or remove it.",
                exception);
        }
    }
}
