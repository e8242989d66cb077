namespace FocalSharp.Models.Catalog;

/// <summary>The result of a download.</summary>
/// <param name="Model">The verified model in the cache.</param>
/// <param name="AlreadyCached">Whether the model was in the cache already.</param>
internal sealed record PullResult(StoredModel Model, bool AlreadyCached);
