using System.Text.Json.Serialization;

namespace FocalSharp.Datasets.Linting;

/// <summary>A summary of an image's pixels, about 400 bytes, for finding duplicates and images that cannot be decoded.</summary>
internal sealed record ImageFingerprint
{
    /// <summary>The side length of <see cref="Thumbnail"/>.</summary>
    public const int ThumbnailSide = 16;

    /// <summary>Gets the first 128 bits of the SHA-256 of the file's bytes.</summary>
    public UInt128 Content { get; init; }

    /// <summary>
    /// Gets the perceptual hash: one bit for each of the 64 lowest frequencies of the cosine transform of the displayed image, scaled to 32x32 in
    /// gray; set if the coefficient is above the median.
    /// </summary>
    public ulong Hash { get; init; }

    /// <summary>Gets the hash of the horizontally mirrored image.</summary>
    public ulong MirroredHash { get; init; }

    /// <summary>Gets the image in gray, 16x16, row by row; empty if it could not be decoded.</summary>
    public IReadOnlyList<byte> Thumbnail { get; init; } = [];

    /// <summary>Gets the mean of red, green and blue, 0 to 255.</summary>
    public (float Red, float Green, float Blue) MeanColor { get; init; }

    /// <summary>Gets the standard deviation of the thumbnail's gray values, 0 to 127.5; near 0 for an image of one color.</summary>
    public double Contrast { get; init; }

    /// <summary>Gets the bits per sample.</summary>
    [JsonInclude]
    internal int BitsPerSample { get; init; } = 8;

    /// <summary>Gets the bits that the image's highest sample needs; null for images of 8 bits per sample.</summary>
    [JsonInclude]
    internal int? BitsUsed { get; init; }

    /// <summary>Gets the number of pages; the first is read.</summary>
    [JsonInclude]
    internal int PageCount { get; init; } = 1;

    /// <summary>Gets why the image could not be decoded; null if it was.</summary>
    public string? DecodeError { get; init; }
}
