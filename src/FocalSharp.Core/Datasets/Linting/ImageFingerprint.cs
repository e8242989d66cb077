namespace FocalSharp.Datasets.Linting;

/// <summary>What is kept of a picture's pixels, about 400 bytes, to find copies by and pictures that cannot be decoded.</summary>
public sealed record ImageFingerprint
{
    /// <summary>Side of <see cref="Thumbnail"/>.</summary>
    public const int ThumbnailSide = 16;

    /// <summary>First 128 bits of the SHA-256 of the file's bytes.</summary>
    public UInt128 Content { get; init; }

    /// <summary>
    /// Perceptual hash: a bit for each of the 64 lowest frequencies of the cosine transform of the picture as shown, shrunk to 32x32 in
    /// grey; set where the coefficient lies above their median.
    /// </summary>
    public ulong Hash { get; init; }

    /// <summary>The hash of the picture mirrored left to right.</summary>
    public ulong MirroredHash { get; init; }

    /// <summary>The picture in grey, 16x16, row by row; empty where it could not be decoded.</summary>
    public IReadOnlyList<byte> Thumbnail { get; init; } = [];

    /// <summary>Mean of red, green and blue, 0 to 255.</summary>
    public (float Red, float Green, float Blue) MeanColor { get; init; }

    /// <summary>Standard deviation of the thumbnail's grey values, 0 to 127.5; near 0 for a picture of one colour.</summary>
    public double Contrast { get; init; }

    /// <summary>Why the picture could not be decoded; null where it could.</summary>
    public string? DecodeError { get; init; }
}
