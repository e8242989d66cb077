namespace FocalSharp.Models.Catalog;

/// <summary>A file inside a package, known to the last byte.</summary>
/// <param name="Path">Its path below the package's root, with slashes.</param>
/// <param name="Bytes">Its exact length.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal.</param>
public sealed record PackageEntry(string Path, long Bytes, string Sha256)
{
    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
