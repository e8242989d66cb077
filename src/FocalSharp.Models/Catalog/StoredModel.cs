namespace FocalSharp.Models.Catalog;

/// <summary>A published model in the cache.</summary>
/// <param name="Entry">Its catalog entry.</param>
/// <param name="Path">The weights file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 when it was stored, lower-case hexadecimal.</param>
/// <param name="Origin">Where it was downloaded from.</param>
internal sealed record StoredModel(ModelEntry Entry, string Path, long Bytes, string Sha256, string Origin)
{
    /// <summary>Gets the folder with the weights and the notices.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The downloaded files it was made from.</summary>
    internal IReadOnlyList<VerifiedFile> Sources { get; init; } = [];
}
