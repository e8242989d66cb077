namespace FocalSharp.Imaging.Codecs;

/// <summary>Bounds and choices of <see cref="ImageDecoder"/>.</summary>
public sealed record ImageDecodeOptions
{
    /// <summary>The defaults.</summary>
    public static ImageDecodeOptions Default { get; } = new();

    /// <summary>
    /// Most pixels that an image may have; the size is read from its header before any pixel is allocated. Default 100 million
    /// (400 MB while decoding), which holds a 10000x10000 survey tile and stops decompression bombs.
    /// </summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>Most bytes that an encoded image may have. Default 256 MiB.</summary>
    public long MaxBytes { get; init; } = 256L << 20;

    /// <summary>
    /// Turns and mirrors the image as its EXIF orientation says. Default true, as OpenCV's <c>imread</c> does and with it the
    /// pipelines that the field's annotations are read by: boxes then refer to the picture as a viewer shows it. Annotations
    /// drawn on the stored pixels (their width and height are <see cref="ImageDecoder.ReadSize(string, ImageDecodeOptions?)"/>'s
    /// without orientation) need false.
    /// </summary>
    public bool ApplyOrientation { get; init; } = true;

    /// <summary>
    /// Takes the readable part of a file that ends too early, the rest black or grey. Default false: such a file is an error.
    /// </summary>
    public bool AllowTruncated { get; init; }
}
