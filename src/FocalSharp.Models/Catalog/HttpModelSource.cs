namespace FocalSharp.Models.Catalog;

/// <summary>One file at a public address, whose name contains the first digits of its SHA-256, as PyTorch's files do.</summary>
internal sealed record HttpModelSource : ModelSource
{
    /// <summary>The address.</summary>
    public required Uri Url { get; init; }

    /// <summary>The first digits of the file's SHA-256, lower-case hexadecimal.</summary>
    public required string HashPrefix { get; init; }

    /// <summary>
    /// The approximate length, estimated as four bytes per parameter; the exact length is not published. A file more than half as long again
    /// is refused.
    /// </summary>
    public required long ApproximateBytes { get; init; }

    /// <summary>The maximum length that is accepted.</summary>
    public long MaxBytes => ApproximateBytes + (ApproximateBytes / 2);

    /// <summary>The published file name.</summary>
    public string FileName => Path.GetFileName(Url.LocalPath);

    /// <inheritdoc/>
    public override string Origin => Url.AbsoluteUri;

    /// <inheritdoc/>
    public override long TransferBytes => ApproximateBytes;
}
