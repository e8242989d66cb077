namespace FocalSharp.Serving.Uploads;

/// <summary>
/// Tells an image format by its first bytes. Neither a file's name nor a declared content type is believed: both are the
/// sender's to choose.
/// </summary>
public static class ImageSignature
{
    /// <summary>How many bytes <see cref="Find"/> needs to be sure of every format.</summary>
    public const int Length = 12;

    /// <summary>The format, or null where the bytes begin none that is read.</summary>
    /// <param name="start">The upload's first bytes, <see cref="Length"/> or more where it has them.</param>
    public static ImageFormat? Find(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'B', (byte)'M', ..] => ImageFormat.Bmp,
        _ => null,
    };
}
