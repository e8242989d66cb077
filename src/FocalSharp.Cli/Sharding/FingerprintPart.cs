using System.Globalization;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Cli.Sharding;

/// <summary>The fingerprints of the images of one part.</summary>
/// <param name="Images">The fingerprints in order.</param>
internal sealed record FingerprintPart(IReadOnlyList<FingerprintPart.Entry> Images)
{
    /// <summary>Creates a part.</summary>
    public static FingerprintPart Create(IReadOnlyList<ImageFingerprint> prints) => new([.. prints.Select(print => new Entry
    {
        Content = print.Content.ToString("x32", CultureInfo.InvariantCulture),
        Hash = print.Hash,
        MirroredHash = print.MirroredHash,
        Thumbnail = [.. print.Thumbnail],
        MeanColor = [print.MeanColor.Red, print.MeanColor.Green, print.MeanColor.Blue],
        Contrast = print.Contrast,
        BitsPerSample = print.BitsPerSample,
        BitsUsed = print.BitsUsed,
        PageCount = print.PageCount,
        DecodeError = print.DecodeError,
    })]);

    /// <summary>Returns the fingerprints.</summary>
    /// <exception cref="InvalidDataException">An entry is damaged.</exception>
    public IEnumerable<ImageFingerprint> ToFingerprints() => Images.Select(entry => new ImageFingerprint
    {
        Content = UInt128.TryParse(entry.Content, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out UInt128 content) ? content : throw Damaged(),
        Hash = entry.Hash,
        MirroredHash = entry.MirroredHash,
        Thumbnail = entry.Thumbnail.Length is 0 or (ImageFingerprint.ThumbnailSide * ImageFingerprint.ThumbnailSide) ? entry.Thumbnail : throw Damaged(),
        MeanColor = entry.MeanColor is [var red, var green, var blue] ? (red, green, blue) : throw Damaged(),
        Contrast = entry.Contrast,
        BitsPerSample = entry.BitsPerSample,
        BitsUsed = entry.BitsUsed,
        PageCount = entry.PageCount,
        DecodeError = entry.DecodeError,
    });

    private static InvalidDataException Damaged() => new("A fingerprint is damaged.");

    /// <summary>The fields of an <see cref="ImageFingerprint"/>.</summary>
    internal sealed record Entry
    {
        public string Content { get; init; } = "";

        public ulong Hash { get; init; }

        public ulong MirroredHash { get; init; }

        public byte[] Thumbnail { get; init; } = [];

        public float[] MeanColor { get; init; } = [];

        public double Contrast { get; init; }

        public int BitsPerSample { get; init; }

        public int? BitsUsed { get; init; }

        public int PageCount { get; init; }

        public string? DecodeError { get; init; }
    }
}
