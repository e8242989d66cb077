using FocalSharp.Datasets.Linting;

namespace FocalSharp.Cli.Sharding;

/// <summary>The fingerprints of the images of one part.</summary>
/// <param name="Images">The fingerprints in order.</param>
internal sealed record FingerprintPart(IReadOnlyList<ImageFingerprint> Images) : IPart
{
    int IPart.Count => Images.Count;

    void IPart.Validate()
    {
        if (Images is null || Images.Any(image => image is not { Thumbnail.Count: 0 or (ImageFingerprint.ThumbnailSide * ImageFingerprint.ThumbnailSide) }))
        {
            throw new InvalidDataException("A fingerprint is damaged.");
        }
    }
}
