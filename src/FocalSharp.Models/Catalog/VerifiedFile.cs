namespace FocalSharp.Models.Catalog;

/// <summary>A fetched file whose content was checked.</summary>
/// <param name="Name">Its published name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal.</param>
public sealed record VerifiedFile(string Name, long Bytes, string Sha256);
