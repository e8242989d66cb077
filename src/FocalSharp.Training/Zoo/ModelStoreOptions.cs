using FocalSharp.Training.Zoo.Fetching;

namespace FocalSharp.Training.Zoo;

/// <summary>What a <see cref="ModelStore"/> works with.</summary>
public sealed record ModelStoreOptions
{
    /// <summary>The cache; null for the user's own (see <see cref="CacheFolder"/>).</summary>
    public string? Folder { get; init; }

    /// <summary>The models that there are.</summary>
    public IReadOnlyList<ModelEntry> Entries { get; init; } = ModelCatalogue.Entries;

    /// <summary>How patient downloads are.</summary>
    public DownloadOptions Download { get; init; } = new();

    /// <summary>The npm client: a path, or a name to be looked for in PATH.</summary>
    public string Npm { get; init; } = "npm";
}
