namespace FocalSharp.Training.Zoo;

/// <summary>What a pull came to.</summary>
/// <param name="Model">The model in the cache, its hash just verified.</param>
/// <param name="WasThere">True where nothing had to be fetched.</param>
public sealed record PulledModel(StoredModel Model, bool WasThere);
