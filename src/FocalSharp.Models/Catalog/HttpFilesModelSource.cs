namespace FocalSharp.Models.Catalog;

/// <summary>Several files at public addresses that belong together, such as the two files of an ncnn model.</summary>
internal sealed record HttpFilesModelSource : ModelSource
{
    /// <summary>The files, in the order in which the conversion expects them.</summary>
    public required IReadOnlyList<HttpModelSource> Files { get; init; }

    /// <inheritdoc/>
    public override string Origin => string.Join(", ", Files.Select(file => file.Origin));

    /// <inheritdoc/>
    public override long TransferBytes => Files.Sum(file => file.TransferBytes);
}
