namespace FocalSharp.Models.Catalog;

/// <summary>A model that lies in the cache.</summary>
/// <param name="Entry">What the catalogue says of it.</param>
/// <param name="Path">The weights file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 when it was stored, lower-case hexadecimal.</param>
/// <param name="Origin">Where it came from, as fetched.</param>
/// <param name="Sources">The fetched files that it was made of, with their checked hashes.</param>
public sealed record StoredModel(
    ModelEntry Entry, string Path, long Bytes, string Sha256, string Origin, IReadOnlyList<VerifiedFile> Sources)
{
    /// <summary>The folder that holds the weights and the notices.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;
}
