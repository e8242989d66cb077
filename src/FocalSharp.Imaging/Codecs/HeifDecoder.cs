using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Decodes HEIC and AVIF if a package that can is loaded.</summary>
internal static class HeifDecoder
{
    /// <summary>Decodes an image to RGB, rotated as it is displayed.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="info">Its header.</param>
    /// <param name="rgb">Receives the pixels.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <param name="options">The options.</param>
    internal delegate void RgbDecoder(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, Span<byte> rgb, string name, ImageDecodeOptions options);

    /// <summary>Gets or sets the decoder; null if there is none.</summary>
    public static RgbDecoder? Decoder { get; set; }

    /// <summary>Decodes the pixels as stored.</summary>
    public static void Decode(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, Span<byte> pixels, int bytesPerPixel, string name, ImageDecodeOptions options)
    {
        RgbDecoder decode = Decoder ?? throw new ImageException(
            $"{name}: is a {(info.Format == ImageFormat.Avif ? "AVIF" : "HEIC")} image, which needs a decoder that is not loaded: add the package "
            + "FocalSharp.Imaging.Heif and call HeifImages.Enable(), or convert the image to JPEG.");
        using DecodeBuffer shown = new(checked((int)(info.StoredSize.Pixels * 3)));
        decode(encoded, info, shown.Span, name, options);
        ImageSize size = info.DisplaySize;
        if (info.Orientation == ExifOrientation.None && bytesPerPixel == 3)
        {
            shown.Span.CopyTo(pixels);
        }
        else
        {
            using DecodeBuffer stored = new(shown.Span.Length);
            Orientation.Reorient(shown.Span, stored.Span, size.Width, size.Height, 3, ExifOrientation.Invert(info.Orientation));
            if (bytesPerPixel == 3)
            {
                stored.Span.CopyTo(pixels);
            }
            else
            {
                PixelPacking.RgbToRgba(stored.Span, pixels);
            }
        }
    }
}
