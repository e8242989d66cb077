namespace FocalSharp.Models.Catalog;

/// <summary>One file at a public address, whose name states the first digits of its SHA-256 as PyTorch's files do.</summary>
public sealed record HttpModelSource : ModelSource
{
    /// <summary>The address. Content is accepted over it, or over a redirection that is no less safe.</summary>
    public required Uri Url { get; init; }

    /// <summary>The digits with which the file's SHA-256 begins, lower-case hexadecimal.</summary>
    public required string HashPrefix { get; init; }

    /// <summary>
    /// About how long it is, reckoned from its parameters at four bytes each; the exact length is not published. A file of over
    /// half as much again is refused.
    /// </summary>
    public required long ApproximateBytes { get; init; }

    /// <summary>The most that is accepted.</summary>
    public long MaxBytes => ApproximateBytes + (ApproximateBytes / 2);

    /// <summary>The file's name as published.</summary>
    public string FileName => Path.GetFileName(Url.LocalPath);

    /// <inheritdoc/>
    public override string Origin => Url.AbsoluteUri;

    /// <inheritdoc/>
    public override long TransferBytes => ApproximateBytes;
}
