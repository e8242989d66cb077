using FocalSharp.Datasets.Files;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// Detects an image format from the first bytes. The file name and the declared content type are ignored, because the sender chooses them.
/// </summary>
internal static class ImageSignature
{
    /// <summary>The number of bytes that <see cref="Find"/> needs to detect every format.</summary>
    public const int Length = 32;

    /// <summary>Returns the format, or null if it is not supported.</summary>
    /// <param name="start">The first bytes of the upload: <see cref="Length"/> or more, if it has them.</param>
    public static ImageFormat? Find(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'B', (byte)'M', ..] => ImageFormat.Bmp,
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => ImageFormat.Tiff,
        _ => HeifHeader.GetFormat(start),
    };
}
