namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>A checked file that may be moved away.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Source">Its name, length and hash.</param>
internal sealed record FetchedFile(string Path, VerifiedFile Source);
