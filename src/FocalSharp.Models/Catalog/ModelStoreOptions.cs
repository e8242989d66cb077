using FocalSharp.IO;
using FocalSharp.Models.Catalog.Fetching;

namespace FocalSharp.Models.Catalog;

/// <summary>Specifies the folder and downloads of a <see cref="ModelStore"/>.</summary>
internal sealed record ModelStoreOptions
{
    /// <summary>Gets the cache folder; null (default) for the default of <see cref="CacheFolder"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets the models.</summary>
    internal IReadOnlyList<ModelEntry> Entries { get; init; } = ModelCatalog.Entries;

    /// <summary>Gets retries and timeouts of downloads.</summary>
    internal DownloadOptions Download { get; init; } = new();

    /// <summary>Gets the npm client: a path, or a name to search for in PATH. Default <c>npm</c>.</summary>
    public string NpmExecutable { get; init; } = "npm";
}
