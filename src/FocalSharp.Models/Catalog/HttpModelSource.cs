namespace FocalSharp.Models.Catalog;

/// <summary>
/// One file at a public address that is known by its SHA-256, or the first digits of it that PyTorch's file names contain, or by the id of its content
/// in a git repository.
/// </summary>
internal sealed record HttpModelSource : ModelSource
{
    /// <summary>The address.</summary>
    public required Uri Url { get; init; }

    /// <summary>The file's SHA-256 or its first digits, lower-case hexadecimal; empty if unknown.</summary>
    public string HashPrefix { get; init; } = "";

    /// <summary>
    /// The id of the content in the git repository that the address belongs to, lower-case hexadecimal; empty if the SHA-256 is known. A file that is
    /// known by its id only was never downloaded by FocalSharp's authors.
    /// </summary>
    public string GitBlobId { get; init; } = "";

    /// <summary>
    /// The approximate length, estimated as four bytes per parameter where the exact length is not published. A file more than half as long again
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
