namespace FocalSharp.Models.Catalog;

/// <summary>What a pull came to.</summary>
/// <param name="Model">The model in the cache, its hash just verified.</param>
/// <param name="AlreadyCached">True where nothing had to be fetched.</param>
public sealed record PullResult(StoredModel Model, bool AlreadyCached);
