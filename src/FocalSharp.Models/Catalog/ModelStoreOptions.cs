using FocalSharp.Models.Catalog.Fetching;

namespace FocalSharp.Models.Catalog;

/// <summary>What a <see cref="ModelStore"/> works with.</summary>
public sealed record ModelStoreOptions
{
    /// <summary>The cache; null for the user's own (see <see cref="CacheFolder"/>).</summary>
    public string? Folder { get; init; }

    /// <summary>The models that there are.</summary>
    public IReadOnlyList<ModelEntry> Entries { get; init; } = ModelCatalog.Entries;

    /// <summary>How patient downloads are.</summary>
    public DownloadOptions Download { get; init; } = new();

    /// <summary>The npm client: a path, or a name to be looked for in PATH.</summary>
    public string NpmExecutable { get; init; } = "npm";
}
