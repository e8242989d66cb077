namespace FocalSharp.Imaging.Codecs;

/// <summary>Specifies limits and orientation for <see cref="ImageDecoder"/>.</summary>
public sealed record ImageDecodeOptions
{
    /// <summary>Gets the defaults.</summary>
    public static ImageDecodeOptions Default { get; } = new();

    /// <summary>
    /// Gets the maximum number of pixels of an image. The size is read from the header before any pixel is allocated. Default 100 million
    /// (400 MB while decoding), which admits a 10000x10000 survey tile and stops decompression bombs.
    /// </summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>Gets the maximum number of bytes of an encoded image. Default 256 MiB.</summary>
    public long MaxBytes { get; init; } = 256L << 20;

    /// <summary>
    /// Gets whether the image is rotated and mirrored by its EXIF orientation. Default true, as in OpenCV's <c>imread</c>: boxes refer to the
    /// image as a viewer shows it. Set it to false for annotations that were drawn on the stored pixels.
    /// </summary>
    public bool ApplyOrientation { get; init; } = true;

    /// <summary>
    /// Gets whether a truncated file is decoded as far as possible, with the rest black or gray. Default false: a truncated file is an error.
    /// </summary>
    public bool AllowTruncated { get; init; }

    /// <summary>
    /// Gets whether samples of more than 8 bits (PNG, TIFF) are stretched: the image's lowest value becomes black and its highest white. Default
    /// false: 16-bit samples are reduced to their upper byte, which leaves images of 10- or 12-bit cameras nearly black.
    /// </summary>
    public bool StretchRange { get; init; }

    /// <summary>
    /// Gets whether colors with an ICC profile other than sRGB are converted to sRGB (default true). Set it to false for the stored values, as
    /// OpenCV reads them.
    /// </summary>
    public bool ConvertColors { get; init; } = true;

    /// <summary>
    /// Gets the number of pixels up to which an image is decoded as a whole. A larger one (<see cref="MaxPixels"/> must allow it) is read by rows if
    /// its format allows it, so that its pixels are never in memory at once.
    /// </summary>
    internal long MaxWholePixels { get; init; } = 100_000_000;

    /// <summary>
    /// Gets what a detector calls with the path of an image file that cannot be read: if it returns true, the detector processes a blank image
    /// instead, whose detections the caller ignores. Null: the error is thrown.
    /// </summary>
    internal Func<string, ImageException, bool>? OnUnreadable { get; init; }
}
